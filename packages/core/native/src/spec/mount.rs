//! Mounts as they are written. serde reads an enum with a tag by way of a tree of everything in it, which for these
//! would take longer than all the rest of a spec.

use serde::{Deserialize, Deserializer};

use super::{Mode, Mount};
use crate::prelude::*;

#[derive(Deserialize)]
#[serde(rename_all = "lowercase")]
enum Kind {
    Bind,
    Tmpfs,
    File,
    Symlink,
    Proc,
    Dev,
}

/// Every field that some kind of mount has.
#[derive(Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct Fields {
    kind: Kind,
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

impl TryFrom<Fields> for Mount {
    type Error = String;

    fn try_from(fields: Fields) -> Result<Self, String> {
        let Fields { kind, to, mut from, mut mode, mut exec, mut map_owner, mut untrusted, .. } = fields;
        let Fields { mut bytes, mut inodes, mut text, mut target, .. } = fields;
        let mount = match kind {
            Kind::Bind => Self::Bind {
                from: take("from", &mut from)?,
                to,
                mode: take("mode", &mut mode)?,
                exec: take("exec", &mut exec)?,
                map_owner: take("mapOwner", &mut map_owner)?,
                untrusted: take("untrusted", &mut untrusted)?,
            },
            Kind::Tmpfs => Self::Tmpfs { to, bytes: take("bytes", &mut bytes)?, inodes: take("inodes", &mut inodes)? },
            Kind::File => Self::File { to, text: take("text", &mut text)? },
            Kind::Symlink => Self::Symlink { to, target: take("target", &mut target)? },
            Kind::Proc => Self::Proc { to },
            Kind::Dev => Self::Dev { to },
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
