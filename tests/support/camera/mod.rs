//! A camera that does not mount.

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;

use crate::command::picture;

/// It is played by a script that is called as `gphoto2` is and answers as it does.
const CAMERA: &str = r#"#!/bin/sh
set -e
here=$(dirname "$0")
echo "$@" >> "$here/asked"
case "$*" in
  --auto-detect)
    echo "Model                          Port"
    echo "----------------------------------------------------------"
    echo "Canon EOS 350D (PTP mode)      usb:001,005"
    echo "Mass Storage Camera            disk:/media/x" ;;
  *--list-files)
    for file in "$here"/DCIM/*; do
      size=$(wc -c < "$file")
      echo "FILENAME='/store_1/DCIM/$(basename "$file")' PERMS=rd FILESIZE= $size FILETYPE=image/jpeg FILEMTIME=1795981187"
    done ;;
  *"--folder /store_1/DCIM --get-file "*" --stdout")
    name=$(echo "$*" | sed 's/.*--get-file \(.*\) --stdout/\1/')
    if [ "$name" = "$(cat "$here/breaks" 2>/dev/null)" ]; then
      head -c 2000 "$here/DCIM/$name"
      exit 1
    fi
    cat "$here/DCIM/$name" ;;
  *) exit 2 ;;
esac
"#;

/// From now on there is one, with three pictures, for whoever has the folder in `PATH`.
pub fn plugged_in(folder: &Path) {
    fs::create_dir_all(folder.join("DCIM")).expect("a folder");
    let program = folder.join("gphoto2");
    fs::write(&program, CAMERA).expect("a script");
    fs::set_permissions(&program, fs::Permissions::from_mode(0o755)).expect("a script");
    for number in [1, 2, 3] {
        let path = folder.join(format!("DCIM/IMG {number}.JPG"));
        picture(&path, 320 + number, 200);
    }
}
