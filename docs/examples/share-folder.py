#!/usr/bin/env python3
"""Shares an album of a folder-based gallery: share-folder.py FOLDER prints the page on which its pictures are chosen."""
import json, os, sys, urllib.request
from pathlib import Path

BOX = os.environ.get("HEARTHPOST_URL", "http://localhost:8480")
TOKEN = os.environ["HEARTHPOST_TOKEN"]  # made with: hearthpost user token NAME gallery --scope album
PIECE = 8 * 1024 * 1024
PICTURES = {".jpg", ".jpeg", ".png", ".gif", ".webp", ".heic", ".mp4", ".mov"}


def ask(method, path, body, kind="application/json"):
    data = body if isinstance(body, bytes) else json.dumps(body).encode()
    headers = {"Authorization": "Bearer " + TOKEN, "Content-Type": kind}
    request = urllib.request.Request(BOX + path, data, headers, method=method)
    try:
        return json.load(urllib.request.urlopen(request))
    except urllib.error.HTTPError as error:
        name = body.get("name") if isinstance(body, dict) else None
        sys.exit(f"{name or 'not shared'}: {json.load(error)['title']}")


def upload(file):
    state = ask("POST", "/api/v1/uploads", {"name": file.name, "size": file.stat().st_size})
    place = "/api/v1/uploads/" + state["upload"]
    with file.open("rb") as source:
        while state["received"] < state["size"]:
            source.seek(state["received"])
            piece = source.read(PIECE)
            state = ask("PUT", f"{place}?offset={source.tell() - len(piece)}", piece, "application/octet-stream")
    return state["upload"]


if len(sys.argv) != 2:
    sys.exit(__doc__)
folder = Path(sys.argv[1])
uploads = [upload(file) for file in sorted(folder.iterdir()) if file.suffix.lower() in PICTURES]
print(ask("POST", "/api/v1/selections", {"uploads": uploads, "title": folder.resolve().name})["url"])
