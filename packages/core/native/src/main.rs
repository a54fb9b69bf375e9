use serde::Deserialize;
#[derive(Deserialize)]
struct A { a: u32 }
fn main() { let a: A = serde_json::from_str("{\"a\":1}").ok().unwrap_or(A{a:2}); println!("{}", a.a); }
