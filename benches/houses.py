"""Households over a private Dovecot + Postfix, and what a command costs; for the scripts of this folder."""
import json, os, pathlib, resource, shutil, subprocess, sys, tempfile
from contextlib import contextmanager

ROOT = pathlib.Path(__file__).resolve().parent.parent
BINARY = ROOT / "target/release/hearthpost"
PAIR = ROOT / "testmail/pair"


def run(*words, **more):
    return subprocess.run([str(word) for word in words], capture_output=True, text=True, **more)


def must(*words):
    done = run(*words)
    if done.returncode:
        sys.exit(f"{words}: {done.stdout}{done.stderr}")
    return done


def cpu(*words):
    """Runs a command and gives its answer with its user + system seconds."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    done = must(*words)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return done, after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def cost(*words):
    """Runs a command and gives its user + system seconds with its peak resident memory in MiB."""
    pid = os.posix_spawn(str(words[0]), [str(word) for word in words], os.environ,
                         file_actions=[(os.POSIX_SPAWN_OPEN, 1, "/dev/null", os.O_WRONLY, 0)])
    _, status, used = os.wait4(pid, 0)
    if status:
        sys.exit(f"{words} failed")
    return used.ru_utime + used.ru_stime, used.ru_maxrss / 1024


def peak(*words):
    """Peak resident memory of a command in MiB."""
    return cost(*words)[1]


def households(work, pair):
    (work / "pw").write_text(pair["password"])
    os.chmod(work / "pw", 0o600)
    homes = {}
    for x in "abcdef":
        config, mailbox = work / x / "hearthpost.toml", f"home-{x}@{x}.example"
        config.parent.mkdir()
        homes[x] = [BINARY, "--config", config, "--json"]
        must(*homes[x], "init", "--mailbox", mailbox, "--name", x, "--imap", f"imaps://localhost:{pair['imap_tls']}",
             "--smtp", f"smtps://localhost:{pair['smtp_tls']}", "--username", mailbox, "--password-file", work / "pw",
             "--ca", pair["ca_file"], "--data", work / x / "data")
        must(*homes[x], "user", "add", "p", "--mail", "home-f@f.example")
        (work / f"{x}.pem").write_text(json.loads(must(*homes[x], "contact", "export").stdout)["pem"])
    for x in "bcdef":
        introduce(work, homes, "a", x)
    return homes


def introduce(work, homes, one, other):
    for x, y in ((one, other), (other, one)):
        must(*homes[x], "contact", "add", f"home-{y}@{y}.example", "--cert", work / f"{y}.pem")


@contextmanager
def stage():
    """Builds the release binary and starts the pair; gives a folder, and the pair's description."""
    must("cargo", "build", "--release", "-q", "--manifest-path", ROOT / "Cargo.toml")
    work = pathlib.Path(tempfile.mkdtemp(prefix="hearthpost-bench."))
    os.chmod(work, 0o755)
    try:
        must(PAIR, "start", work / "pair")
        yield work, json.loads((work / "pair/pair.json").read_text())
    finally:
        run(PAIR, "stop", work / "pair")
        shutil.rmtree(work, ignore_errors=True)
