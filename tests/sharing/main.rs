//! What households do with one another: they meet, share, pass on, take back, and come back from loss.

#[path = "../support/house/mod.rs"]
mod house;
#[path = "../support/households/mod.rs"]
mod households;
#[path = "../support/invited/mod.rs"]
mod invited;
#[path = "../support/site/mod.rs"]
mod site;
#[path = "../support/slapd/mod.rs"]
mod slapd;

mod accounts;
mod alarm_ends;
mod alarm_of_directory;
mod announced;
mod another_spelling;
mod answered;
mod answered_meanwhile;
mod asked;
mod asked_by_who_is_shut_out;
mod asking;
mod awaited;
mod confirmed;
mod contacts;
mod directory;
mod directory_hits;
mod ended_on_the_way;
mod endings;
mod further_on;
mod given_again;
mod given_meanwhile;
mod given_twice;
mod gone_there;
mod identity_between;
mod identity_ended;
mod identity_moves;
mod identity_replaced;
mod identity_succeeded;
mod identity_taken_back;
mod identity_told;
mod invitations;
mod joined_anew;
mod key_words;
mod keys_gone;
mod knock;
mod mail_follows;
mod missing_parts;
mod more_is_more;
mod narrowed_on_the_way;
mod never_left;
mod nothing_more;
mod nothing_to_give;
mod notice;
mod passed_later;
mod passing_on;
mod people_names;
mod quiet;
mod recalled_on_the_way;
mod relay_not_asked;
mod relay_refused_there;
mod relay_silent;
mod relayed_onward;
mod relays;
mod relays_stopped;
mod released_meanwhile;
mod renewal;
mod resend;
mod said_again;
mod same_mailbox;
mod same_name;
mod second_grants;
mod several_givers;
mod silent;
mod stopped_alone;
mod strangers;
mod successor_asked;
mod taken_from_relay;
mod thread;
mod two_ways;
mod typed;
mod untold;
mod untold_by_way;
mod words_of_each;
mod yes_to_what_is_left;
