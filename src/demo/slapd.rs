//! A directory server for one scene: OpenLDAP's slapd as an ordinary process of this machine's, by TLS on a free port of the
//! loopback, with its files in the folder of the play. It ends with the value that stands for it.

use std::fmt::Display;
use std::fs::{self, DirBuilder, File, OpenOptions};
use std::io::Write;
use std::net::{Ipv4Addr, TcpListener, TcpStream};
use std::os::unix::fs::{DirBuilderExt, OpenOptionsExt};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use crate::config::{Directory, PasswordSource};
use crate::envelope::{Authority, Id, SiteName};
use crate::sharing::clock::Reading;

const SUFFIX: &str = "o=demo";
const ADMIN: &str = "cn=admin,o=demo";
/// By mailbox, name or key word, as `directory.filter` has it.
const FILTER: &str = "(|(mail={})(cn={})(description={}))";
/// Where systems keep it, besides the folders of PATH.
const FOLDERS: [&str; 4] = [
    "/usr/sbin",
    "/usr/local/sbin",
    "/usr/libexec",
    "/usr/local/libexec",
];
/// Where its schemas are.
const SCHEMAS: [&str; 3] = [
    "/etc/ldap/schema",
    "/etc/openldap/schema",
    "/usr/local/etc/openldap/schema",
];
/// How long it may take to begin.
const BEGIN: Duration = Duration::from_secs(5);
/// How often its port is looked at until then.
const LOOK: Duration = Duration::from_millis(10);
/// Somebody else may take the port that was free a moment ago.
const TRIES: usize = 3;

/// The server while it runs.
pub(super) struct Slapd {
    process: Child,
    port: u16,
    folder: PathBuf,
}

impl Slapd {
    /// Starts one with its files in `folder`, which is made; or says in words why there is none.
    pub fn start(folder: &Path) -> Result<Self, String> {
        let path = std::env::var_os("PATH").unwrap_or_default();
        let folders = std::env::split_paths(&path).chain(FOLDERS.map(PathBuf::from));
        Self::of(folders, folder)
    }

    fn of(programs: impl Iterator<Item = PathBuf>, folder: &Path) -> Result<Self, String> {
        let program = programs.map(|at| at.join("slapd")).find(|at| at.is_file());
        let schema = SCHEMAS.map(Path::new).into_iter().find(|at| at.is_dir());
        let Some((program, schema)) = program.zip(schema) else {
            return Err(
                "slapd, the directory server of OpenLDAP, is not installed here".to_owned(),
            );
        };
        write_files(folder, schema).map_err(|error| not_started(&error))?;
        let loaded = Command::new(&program)
            .args(["-T", "add", "-f"])
            .arg(folder.join("slapd.conf"))
            .arg("-l")
            .arg(folder.join("load.ldif"))
            .stdin(Stdio::null())
            .output();
        let loaded = loaded.map_err(|error| not_started(&error))?;
        if !loaded.status.success() {
            return Err(not_started(&last_line(&loaded.stderr)));
        }
        let mut why = String::new();
        for _ in 0..TRIES {
            match begin(&program, folder) {
                Ok((process, port)) => {
                    return Ok(Slapd {
                        process,
                        port,
                        folder: folder.to_owned(),
                    });
                }
                Err(words) => why = words,
            }
        }
        Err(not_started(&why))
    }

    /// The settings of a household that looks there.
    pub fn to_read(&self) -> Directory {
        Directory {
            url: format!("ldaps://127.0.0.1:{}", self.port),
            base: SUFFIX.to_owned(),
            filter: FILTER.to_owned(),
            user: None,
            password: None,
            ca_file: Some(self.folder.join("ca.pem")),
            trusted: false,
            timeout: BEGIN,
        }
    }

    /// Of one that writes there too.
    pub fn to_write(&self) -> Directory {
        Directory {
            user: Some(ADMIN.to_owned()),
            password: Some(PasswordSource::File(self.folder.join("password"))),
            ..self.to_read()
        }
    }
}

impl Drop for Slapd {
    fn drop(&mut self) {
        // It may have ended by itself, on the Ctrl-C of the same terminal.
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

fn write_files(folder: &Path, schema: &Path) -> Result<(), Box<dyn std::error::Error>> {
    DirBuilder::new().mode(0o700).create(folder)?;
    fs::create_dir(folder.join("entries"))?;
    let names = [SiteName::Address(Ipv4Addr::LOCALHOST.into())];
    let now = Reading::take().wall;
    let authority = Authority::generate("the directory", &names, now)?;
    write(&folder.join("ca.pem"), &authority.certificate_pem()?)?;
    write(&folder.join("site.pem"), &authority.issue(&names, now)?)?;
    let password = Id::random().to_string();
    write(&folder.join("password"), password.as_bytes())?;
    let (schema, folder_words) = (schema.display(), folder.display());
    let settings = format!(
        "include \"{schema}/core.schema\"\ninclude \"{schema}/cosine.schema\"\n\
         include \"{schema}/inetorgperson.schema\"\npidfile \"{folder_words}/slapd.pid\"\n\
         TLSCACertificateFile \"{folder_words}/ca.pem\"\nTLSCertificateFile \"{folder_words}/site.pem\"\n\
         TLSCertificateKeyFile \"{folder_words}/site.pem\"\ndatabase ldif\nsuffix \"{SUFFIX}\"\n\
         rootdn \"{ADMIN}\"\nrootpw {password}\ndirectory \"{folder_words}/entries\"\naccess to * by * read\n"
    );
    write(&folder.join("slapd.conf"), settings.as_bytes())?;
    let top = format!("dn: {SUFFIX}\nobjectClass: organization\no: demo\n");
    write(&folder.join("load.ldif"), top.as_bytes())?;
    Ok(())
}

fn write(path: &Path, bytes: &[u8]) -> std::io::Result<()> {
    let mut options = OpenOptions::new();
    let mut file = options
        .write(true)
        .create_new(true)
        .mode(0o600)
        .open(path)?;
    file.write_all(bytes)
}

/// Starts the process and waits until it answers; gives it with its port.
fn begin(program: &Path, folder: &Path) -> Result<(Child, u16), String> {
    let words = |error: std::io::Error| error.to_string();
    let free = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).map_err(words)?;
    let port = free.local_addr().map_err(words)?.port();
    drop(free);
    let log = folder.join("slapd.log");
    let process = Command::new(program)
        // With a level, be it none, it stays a child of this process.
        .args(["-d", "0", "-h", &format!("ldaps://127.0.0.1:{port}/"), "-f"])
        .arg(folder.join("slapd.conf"))
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(File::create(&log).map_err(words)?)
        .spawn();
    let mut process = process.map_err(words)?;
    let began = Instant::now();
    loop {
        if process.try_wait().map_err(words)?.is_some() {
            return Err(last_line(&fs::read(&log).unwrap_or_default()));
        }
        if TcpStream::connect((Ipv4Addr::LOCALHOST, port)).is_ok() {
            return Ok((process, port));
        }
        if began.elapsed() > BEGIN {
            let _ = process.kill();
            let _ = process.wait();
            return Err("it does not answer".to_owned());
        }
        std::thread::sleep(LOOK);
    }
}

fn not_started(why: &dyn Display) -> String {
    format!("slapd could not be started here ({why})")
}

fn last_line(bytes: &[u8]) -> String {
    let text = String::from_utf8_lossy(bytes);
    let line = text.lines().rev().find(|line| !line.trim().is_empty());
    line.unwrap_or("it ended at once").trim().to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_that_is_not_there_is_said_in_words_and_leaves_nothing() {
        let place = tempfile::tempdir().expect("a folder");
        let folder = place.path().join("directory");
        let started = Slapd::of(std::iter::once(place.path().to_owned()), &folder);
        let why = started.err().expect("there is none");
        assert!(why.ends_with("is not installed here"), "{why}");
        assert!(!folder.exists());
    }
}
