//! How much memory a test program takes, as the system counts it.

#![allow(dead_code, reason = "each test file uses its own part")]

/// The most memory this process has had since its peak was last reset, in bytes.
pub fn peak() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").expect("Linux");
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    let line = line
        .expect("it names the peak")
        .trim()
        .trim_end_matches(" kB");
    line.parse::<u64>().expect("a number") << 10
}

/// What `work` gives, and by how much it raised the peak, in bytes.
pub fn measured<T>(work: impl FnOnce() -> T) -> (T, u64) {
    std::fs::write("/proc/self/clear_refs", "5").expect("a process may reset its own peak");
    let before = peak();
    let given = work();
    (given, peak().saturating_sub(before))
}
