//! Takes what the page of the API reference needs out of the archive of Swagger UI that comes as a crate. Nothing is fetched.

use std::env;
use std::error::Error;
use std::fs;
use std::io::{Cursor, Read, Seek};
use std::path::PathBuf;

use utoipa_swagger_ui_vendored::SWAGGER_UI_VENDORED;
use zip::{CompressionMethod, ZipArchive};

/// Of some hundred files, these: what runs, how it looks, and the licence that goes with it.
const FILES: &[&str] = &["dist/swagger-ui-bundle.js", "dist/swagger-ui.css", "LICENSE"];

fn main() -> Result<(), Box<dyn Error>> {
    println!("cargo::rerun-if-changed=build.rs");
    let directory = PathBuf::from(env::var_os("OUT_DIR").ok_or("cargo names no directory")?);
    let mut archive = ZipArchive::new(Cursor::new(SWAGGER_UI_VENDORED))?;
    for file in FILES {
        let name = file.rsplit('/').next().unwrap_or(file);
        fs::write(directory.join(format!("{name}.gz")), gzip(&mut archive, file)?)?;
    }
    Ok(())
}

/// A file of the archive as gzip. Both formats hold the same compressed bytes, and differ in what stands around them (RFC 1952).
fn gzip<R: Read + Seek>(archive: &mut ZipArchive<R>, file: &str) -> Result<Vec<u8>, Box<dyn Error>> {
    // All files lie in one folder, which is named after the version.
    let index = (0..archive.len())
        .find(|&index| {
            let name = archive.name_for_index(index).and_then(Result::ok);
            name.is_some_and(|name| name.split_once('/').is_some_and(|(_, inner)| inner == file))
        })
        .ok_or_else(|| format!("the archive of Swagger UI has no {file}"))?;
    let mut entry = archive.by_index_raw(index)?;
    if entry.compression() != CompressionMethod::DEFLATE {
        return Err(format!("{file} is kept in another way than expected").into());
    }
    // No name, no time, the best compression, a system that is not told.
    let mut bytes = vec![0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 2, 255];
    entry.read_to_end(&mut bytes)?;
    bytes.extend(entry.crc32().to_le_bytes());
    bytes.extend(u32::try_from(entry.size())?.to_le_bytes());
    Ok(bytes)
}
