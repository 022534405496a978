#!/usr/bin/env python3
"""Shares an album of a folder-based gallery: share-folder.py FOLDER prints the page on which its pictures are chosen."""
import json, os, sys, urllib.error, urllib.request
from pathlib import Path

BOX = os.environ.get("HEARTHPOST_URL", "http://localhost:8480")
TOKEN = os.environ.get("HEARTHPOST_TOKEN")
PIECE = 8 * 1024 * 1024
PICTURES = {".jpg", ".jpeg", ".png", ".gif", ".webp", ".heic", ".mp4", ".mov"}


def stop(code, words):
    print(words, file=sys.stderr)
    sys.exit(code)


def ask(what, method, path, body, kind="application/json"):
    data = body if isinstance(body, bytes) else json.dumps(body).encode()
    headers = {"Authorization": "Bearer " + TOKEN, "Content-Type": kind}
    request = urllib.request.Request(BOX + path, data, headers, method=method)
    try:
        return json.load(urllib.request.urlopen(request))
    except urllib.error.HTTPError as error:
        is_ours = error.headers.get_content_type() == "application/problem+json"
        stop(1, f"{what}: {json.load(error)['title'] if is_ours else error}")
    except OSError as error:
        stop(1, f"{what}: {getattr(error, 'reason', error)}")


def upload(file):
    state = ask(file.name, "POST", "/api/v1/uploads", {"name": file.name, "size": file.stat().st_size})
    place = "/api/v1/uploads/" + state["upload"]
    with file.open("rb") as source:
        while state["received"] < state["size"]:
            source.seek(state["received"])
            piece = source.read(PIECE)
            place_of_piece = f"{place}?offset={source.tell() - len(piece)}"
            state = ask(file.name, "PUT", place_of_piece, piece, "application/octet-stream")
    return state["upload"]


if len(sys.argv) != 2:
    stop(2, "usage: share-folder.py FOLDER")
if not TOKEN:
    stop(2, "HEARTHPOST_TOKEN is not set: hearthpost user token NAME gallery --scope album")
folder = Path(sys.argv[1])
if not folder.is_dir():
    stop(2, f"{folder}: there is no such folder")
try:
    uploads = [upload(file) for file in sorted(folder.iterdir()) if file.suffix.lower() in PICTURES]
except OSError as error:
    stop(1, f"{error.filename or folder}: {error.strerror}")
chosen = {"uploads": uploads, "title": folder.resolve().name}
print(ask(folder, "POST", "/api/v1/selections", chosen)["url"])
