//! Whether the data lie on a disk: a flush to memory costs nothing, and would tell nothing.

use std::fs;
use std::path::Path;

/// Fails where the directory is kept in memory.
pub(crate) fn assert_is_one(directory: &Path) {
    let mounts = fs::read_to_string("/proc/mounts").expect("Linux's /proc");
    let directory = directory.canonicalize().expect("a directory");
    let kind = kind_of(&mounts, &directory);
    assert!(
        !matches!(kind, Some("tmpfs" | "ramfs")),
        "{} is kept in memory: name a directory on a disk in TMPDIR",
        directory.display()
    );
}

/// The kind of file system that the directory is in: of those mounted above it, the nearest and last.
fn kind_of<'a>(mounts: &'a str, directory: &Path) -> Option<&'a str> {
    let mounted = mounts.lines().filter_map(|line| {
        let mut fields = line.split(' ').skip(1);
        Some((fields.next()?, fields.next()?))
    });
    let above = mounted.filter(|(place, _)| directory.starts_with(place));
    above.max_by_key(|(place, _)| place.len()).map(|(_, kind)| kind)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_nearest_mount_counts() {
        let mounts = "overlay / overlay rw 0 0\ntmpfs /tmp tmpfs rw 0 0\n/dev/sda /tmp/disk ext4 rw 0 0\n";
        let kind = |directory| kind_of(mounts, Path::new(directory));
        assert_eq!(kind("/var/data"), Some("overlay"));
        assert_eq!(kind("/tmp/data"), Some("tmpfs"));
        assert_eq!(kind("/tmp/disk/data"), Some("ext4"));
        assert_eq!(kind("/tmpfile"), Some("overlay"));
    }
}
