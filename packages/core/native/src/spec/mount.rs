//! Mounts as they are written. serde reads an enum with a tag by way of a tree of everything in it, which for these
//! would take longer than all the rest of a spec.

use core::fmt;

use serde::de::value::MapAccessDeserializer;
use serde::de::{Error, MapAccess, Visitor};
use serde::{Deserialize, Deserializer};

use super::{Mode, Mount};
use crate::prelude::*;

/// Every field that some kind of mount has.
#[derive(Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
struct Fields<'a> {
    kind: &'a str,
    to: String,
    #[serde(default, deserialize_with = "given")]
    from: Option<String>,
    #[serde(default, deserialize_with = "given")]
    mode: Option<Mode>,
    #[serde(default, deserialize_with = "given")]
    exec: Option<bool>,
    #[serde(default, deserialize_with = "given")]
    map_owner: Option<bool>,
    #[serde(default, deserialize_with = "given")]
    untrusted: Option<bool>,
    #[serde(default, deserialize_with = "given")]
    bytes: Option<u64>,
    #[serde(default, deserialize_with = "given")]
    inodes: Option<u64>,
    #[serde(default, deserialize_with = "given")]
    text: Option<String>,
    #[serde(default, deserialize_with = "given")]
    target: Option<String>,
}

/// A field that is there has a value; `null` is none.
fn given<'de, D: Deserializer<'de>, T: Deserialize<'de>>(value: D) -> Result<Option<T>, D::Error> {
    T::deserialize(value).map(Some)
}

impl<'de> Deserialize<'de> for Mount {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        from.deserialize_map(Object)
    }
}

/// An object by the names of its fields: serde would read an array by their order as well.
struct Object;

impl<'de> Visitor<'de> for Object {
    type Value = Mount;

    fn expecting(&self, to: &mut fmt::Formatter<'_>) -> fmt::Result {
        to.write_str("a mount")
    }

    fn visit_map<A: MapAccess<'de>>(self, fields: A) -> Result<Mount, A::Error> {
        Fields::deserialize(MapAccessDeserializer::new(fields))?.try_into().map_err(A::Error::custom)
    }
}

impl TryFrom<Fields<'_>> for Mount {
    type Error = String;

    fn try_from(fields: Fields<'_>) -> Result<Self, String> {
        let Fields { kind, to, mut from, mut mode, mut exec, mut map_owner, mut untrusted, .. } = fields;
        let Fields { mut bytes, mut inodes, mut text, mut target, .. } = fields;
        let mount = match kind {
            "bind" => Self::Bind {
                from: take("from", &mut from)?,
                to,
                mode: take("mode", &mut mode)?,
                exec: take("exec", &mut exec)?,
                map_owner: take("mapOwner", &mut map_owner)?,
                untrusted: take("untrusted", &mut untrusted)?,
            },
            "tmpfs" => Self::Tmpfs { to, bytes: take("bytes", &mut bytes)?, inodes: take("inodes", &mut inodes)? },
            "file" => Self::File { to, text: take("text", &mut text)? },
            "symlink" => Self::Symlink { to, target: take("target", &mut target)? },
            "proc" => Self::Proc { to },
            "dev" => Self::Dev { to },
            other => return Err(format!("there is no mount of the kind {other:?}")),
        };
        let left = [
            ("from", from.is_some()),
            ("mode", mode.is_some()),
            ("exec", exec.is_some()),
            ("mapOwner", map_owner.is_some()),
            ("untrusted", untrusted.is_some()),
            ("bytes", bytes.is_some()),
            ("inodes", inodes.is_some()),
            ("text", text.is_some()),
            ("target", target.is_some()),
        ];
        match left.into_iter().find(|(_, is_there)| *is_there) {
            Some((name, _)) => Err(format!("the mount at {} has a field `{name}`, which its kind has not", mount.to())),
            None => Ok(mount),
        }
    }
}

fn take<T>(name: &str, field: &mut Option<T>) -> Result<T, String> {
    field.take().ok_or_else(|| format!("missing field `{name}` of a mount"))
}
