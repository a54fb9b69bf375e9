//! Whatever arrives as a spec is either refused or exactly what it says.

use proptest::collection::vec;
use proptest::prelude::*;
use serde_json::{Value, json};

use super::*;

fn example() -> Value {
    json!({
        "version": 1, "backend": "namespaces", "program": ["/usr/bin/python3", "-B", "/skill/main.py"], "cwd": "/skill",
        "env": { "HOME": "/home/skill", "LANG": "C.UTF-8" },
        "mounts": [
            { "kind": "bind", "from": "/usr/lib", "to": "/usr/lib", "mode": "ro", "exec": true, "mapOwner": false,
              "untrusted": false },
            { "kind": "tmpfs", "to": "/tmp", "bytes": 1024, "inodes": 16 },
            { "kind": "file", "to": "/etc/passwd", "text": "skill:x:1000" },
            { "kind": "symlink", "to": "/lib", "target": "usr/lib" },
            { "kind": "proc", "to": "/proc" },
            { "kind": "dev", "to": "/dev" },
        ],
        "exec": ["/usr/bin/git"], "network": { "kind": "proxy", "socket": "/run/proxy", "port": 3128 },
        "limits": { "wallMs": 1, "cpuMs": 1, "memoryBytes": 1, "pids": 1, "files": 1, "fileBytes": 1, "stdoutBytes": 1,
                    "stderrBytes": 1 },
        "output": { "to": "/output", "collectInto": "/var/tmp", "disposable": true, "bytes": 1, "inodes": 1 },
    })
}

/// Every place of a JSON value, as a path of keys and indices.
fn places(value: &Value, at: &str, into: &mut Vec<String>) {
    into.push(at.to_owned());
    match value {
        Value::Object(fields) => fields.iter().for_each(|(name, inner)| places(inner, &format!("{at}/{name}"), into)),
        Value::Array(items) => {
            items.iter().enumerate().for_each(|(i, inner)| places(inner, &format!("{at}/{i}"), into));
        }
        _ => {}
    }
}

fn all_places() -> Vec<String> {
    let mut into = vec![];
    places(&example(), "", &mut into);
    into
}

fn any_json() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        any::<f64>().prop_map(Value::from),
        Just(Value::from(u64::MAX)),
        ".{0,20}".prop_map(Value::from),
        prop_oneof![Just("/"), Just("//"), Just("/a/../b"), Just("/."), Just("relative"), Just("/a\0b"), Just("/a/")]
            .prop_map(Value::from),
    ];
    leaf.prop_recursive(3, 16, 4, |inner| {
        prop_oneof![
            vec(inner.clone(), 0..4).prop_map(Value::from),
            proptest::collection::btree_map("[a-zA-Z]{0,8}", inner, 0..4)
                .prop_map(|fields| Value::Object(fields.into_iter().collect())),
        ]
    })
}

/// What is accepted keeps the promises on which the rest of the program relies.
fn assert_sound(spec: &Spec) {
    let plain = |path: &str| {
        path.starts_with('/')
            && !path.contains('\0')
            && (path == "/" || path[1..].split('/').all(|part| !matches!(part, "" | "." | "..")))
    };
    assert_eq!(spec.version, VERSION);
    assert!(plain(&spec.program[0]) && plain(&spec.cwd) && spec.exec.iter().all(|path| plain(path)));
    assert!(spec.program.iter().all(|argument| !argument.contains('\0')));
    assert!(
        spec.env.iter().all(|(name, value)| !name.is_empty() && !name.contains(['=', '\0']) && !value.contains('\0'))
    );
    for mount in &spec.mounts {
        assert!(plain(mount.to()), "{mount:?}");
        if let Mount::Bind { from, .. } = mount {
            assert!(plain(from), "{mount:?}");
        }
    }
    if let Network::Proxy { socket, port } = &spec.network {
        assert!(plain(socket) && *port > 0, "{:?}", spec.network);
    }
    let limits = &spec.limits;
    let all = [limits.wall_ms, limits.cpu_ms, limits.memory_bytes, limits.pids, limits.files, limits.file_bytes];
    assert!(all.into_iter().all(|limit| limit > 0 && limit < 1 << 53));
}

#[test]
fn the_example_is_accepted() {
    Spec::parse(example().to_string().as_bytes()).expect("a valid spec");
}

#[test]
fn no_field_may_be_missing_and_none_added() {
    for place in all_places() {
        let mut missing = example();
        let Some((parent, name)) = place.rsplit_once('/') else { continue };
        if let Some(Value::Object(fields)) = missing.pointer_mut(parent) {
            // Any variable may be left out.
            let optional = parent == "/env";
            fields.remove(name);
            assert_eq!(Spec::parse(missing.to_string().as_bytes()).is_ok(), optional, "without {place}");
        }
        let mut more = example();
        if let Some(Value::Object(fields)) = more.pointer_mut(&place) {
            if place != "/env" {
                fields.insert("more".into(), json!(1));
                assert!(Spec::parse(more.to_string().as_bytes()).is_err(), "with more in {place}");
            }
        }
    }
}

#[test]
fn a_mount_is_an_object_of_a_known_kind() {
    let with = |mount: Value| {
        let mut spec = example();
        spec["mounts"] = json!([mount]);
        Spec::parse(spec.to_string().as_bytes()).map(|spec| spec.mounts.len())
    };
    assert_eq!(with(json!({ "kind": "proc", "to": "/proc" })).expect("a valid spec"), 1);
    for other in [
        json!(["proc", "/proc"]),
        json!(["bind", "/a", "/b", "ro", false, false, false]),
        json!({ "kind": { "proc": null }, "to": "/proc" }),
        json!({ "kind": "sysfs", "to": "/proc" }),
        json!({ "kind": "proc", "to": "/proc", "target": null }),
        json!({ "kind": "proc", "to": "/proc", "from": "/proc" }),
        json!({ "kind": "proc" }),
        json!({ "to": "/proc" }),
        json!("proc"),
    ] {
        assert!(with(other.clone()).is_err(), "{other}");
    }
}

#[test]
fn no_network_is_said_with_nothing_added() {
    let mut spec = example();
    spec["network"] = json!({ "kind": "none" });
    Spec::parse(spec.to_string().as_bytes()).expect("a valid spec");
    spec["network"] = json!({ "kind": "none", "port": 3128 });
    assert!(Spec::parse(spec.to_string().as_bytes()).is_err());
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 2000, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn bytes_are_refused_or_sound(bytes in vec(any::<u8>(), 0..512)) {
        if let Ok(spec) = Spec::parse(&bytes) {
            assert_sound(&spec);
        }
    }

    #[test]
    fn a_spec_with_another_value_somewhere_is_refused_or_sound(
        place in prop::sample::select(all_places()),
        value in any_json(),
    ) {
        let mut changed = example();
        *changed.pointer_mut(&place).expect("a place of the example") = value;
        if let Ok(spec) = Spec::parse(changed.to_string().as_bytes()) {
            assert_sound(&spec);
        }
    }

    #[test]
    fn a_spec_with_damaged_bytes_is_refused_or_sound(
        damage in vec((any::<prop::sample::Index>(), any::<u8>()), 1..4),
        cut in any::<prop::sample::Index>(),
    ) {
        let mut bytes = example().to_string().into_bytes();
        for (at, byte) in damage {
            let at = at.index(bytes.len());
            bytes[at] = byte;
        }
        for length in [cut.index(bytes.len()), bytes.len()] {
            if let Ok(spec) = Spec::parse(&bytes[..length]) {
                assert_sound(&spec);
            }
        }
    }
}
