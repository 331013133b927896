//! The migrations are embedded by a macro, which alone would not see that a new one was added.

fn main() {
    println!("cargo:rerun-if-changed=../../../migrations");
}
