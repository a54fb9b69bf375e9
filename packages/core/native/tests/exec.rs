//! The built binary against the real kernel. What each test needs is a Linux where `skillbox doctor` says that the
//! namespaces backend is usable; where it is not, these tests fail and the report that they print says why.

#![allow(clippy::expect_used, reason = "a test that cannot prepare its ground fails")]

mod jail;

use std::fs;
use std::os::unix::fs::{MetadataExt, PermissionsExt};
use std::time::{Duration, Instant};

use jail::{Jail, TempDir, text};
use serde_json::json;

#[test]
fn an_honest_script_runs_and_its_streams_and_status_come_through() {
    let outcome = Jail::new().run_with_input("read line; echo \"got $line\"; echo oops >&2; exit 7", "hello\n");
    assert_eq!(outcome.report["end"], json!({ "kind": "exited", "code": 7 }), "{outcome:?}");
    assert_eq!((&*outcome.stdout, &*outcome.stderr), ("got hello\n", "oops\n"));
    assert_eq!(outcome.status, Some(7));
    assert_eq!(outcome.report["violations"], json!([]));
}

#[test]
fn it_works_where_a_container_runtime_hides_clone3() {
    let outcome = Jail::new().without_clone3().run("echo fine");
    assert_eq!((&*outcome.stdout, &outcome.report["end"]["kind"]), ("fine\n", &json!("exited")), "{outcome:?}");
    // Its program is there only inside, so how far it gets is what tells.
    let outcome = Jail::new().without_clone3().backend("landlock").run("echo fine");
    assert_eq!(outcome.report["end"]["layer"], "program", "{outcome:?}");
}

#[test]
fn a_caller_that_ignores_its_children_is_told_how_the_program_ended() {
    let outcome = Jail::new().ignoring_children().run("echo fine; exit 7");
    assert_eq!((&*outcome.stdout, outcome.status), ("fine\n", Some(7)), "{outcome:?}");
    assert_eq!(outcome.report["end"], json!({ "kind": "exited", "code": 7 }), "{outcome:?}");
}

#[test]
fn the_landlock_backend_refuses_a_network_that_it_cannot_keep_to_one_host() {
    let mut jail = Jail::new().backend("landlock");
    jail.spec["network"] = json!({ "kind": "proxy", "socket": "/run/proxy", "port": 3128 });
    let outcome = jail.run("echo started");
    assert_eq!((&outcome.report["end"]["layer"], &*outcome.stdout), (&json!("network"), ""), "{outcome:?}");
}

#[test]
fn a_network_without_a_socket_or_a_port_is_not_set_up() {
    for network in [
        json!({ "kind": "proxy", "socket": "proxy", "port": 3128 }),
        json!({ "kind": "proxy", "socket": "/run/../proxy", "port": 3128 }),
        json!({ "kind": "proxy", "socket": "/run/proxy", "port": 0 }),
        json!({ "kind": "proxy", "socket": "/run/proxy", "port": 65_536 }),
        json!({ "kind": "proxy", "socket": "/run/proxy" }),
        json!({ "kind": "proxy", "socket": "/run/proxy", "port": 3128, "host": "*" }),
    ] {
        let mut jail = Jail::new();
        jail.spec["network"] = network;
        let outcome = jail.run("echo started");
        assert!(outcome.stderr.starts_with("skillbox: spec: the sandbox spec is not valid"), "{outcome:?}");
        assert_eq!((&*outcome.stdout, outcome.status), ("", Some(125)), "{outcome:?}");
    }
}

#[test]
fn a_private_directory_can_be_written_and_is_empty_each_time() {
    let mut jail = Jail::new();
    let script = "echo first > /tmp/a && echo /tmp/* && read x < /tmp/a && echo $x";
    for _ in 0..2 {
        assert_eq!(jail.run(script).stdout, "/tmp/a\nfirst\n");
    }
}

#[test]
fn files_of_the_host_do_not_exist() {
    let secret = TempDir::new();
    let file = secret.file("secret", "the secret\n");
    let script = format!("while read line; do echo \"$line\"; done < {}; echo /*", file.display());
    let outcome = Jail::new().run(&script);
    assert!(!outcome.stdout.contains("the secret"), "{outcome:?}");
    let inside: Vec<_> = outcome.stdout.split_whitespace().collect();
    for name in ["/root", "/boot", "/var", "/mnt", "/srv", "/sys", "/run"] {
        assert!(!inside.contains(&name), "{name} is there: {inside:?}");
    }
}

#[test]
fn a_symbolic_link_out_of_a_mounted_directory_leads_nowhere() {
    let secret = TempDir::new();
    secret.file("secret", "the secret\n");
    let mut jail = Jail::new();
    std::os::unix::fs::symlink(secret.path(), jail.directory.path().join("link")).expect("a link");
    let outcome = jail.run("read line < /work/link/secret && echo \"$line\"");
    assert_eq!(outcome.stdout, "", "{outcome:?}");
}

#[test]
fn a_read_only_directory_stays_as_it_is() {
    let mut jail = Jail::new();
    let file = jail.directory.file("data", "before\n");
    let outcome = jail.run("echo after > /work/data; echo new > /work/new; echo x > /x; echo $?");
    assert_eq!(fs::read_to_string(file).expect("the file"), "before\n", "{outcome:?}");
    assert!(!jail.directory.path().join("new").exists(), "{outcome:?}");
}

#[test]
fn no_program_can_be_started_and_the_attempt_is_reported() {
    let outcome = Jail::new().run("/sh -c 'echo started'; /sh -c 'echo started'; echo done");
    assert_eq!(outcome.stdout, "done\n");
    assert_eq!(outcome.report["violations"], json!([{ "kind": "exec", "what": "/sh", "count": 2 }]));
}

#[test]
fn a_granted_program_runs_and_no_other_does() {
    let mut jail = Jail::new();
    let echo = fs::canonicalize("/bin/true").expect("true");
    for to in ["/granted", "/other"] {
        let mount = json!({ "kind": "bind", "from": text(&echo), "to": to, "mode": "ro", "exec": true, "mapOwner": false, "untrusted": false });
        // The same file under two names would be one program.
        jail.spec["mounts"].as_array_mut().expect("a list").push(mount);
    }
    let mounts = jail.spec["mounts"].as_array_mut().expect("a list");
    let last = mounts.len() - 1;
    mounts[last]["from"] = json!(text(&fs::canonicalize("/bin/false").expect("false")));
    jail.spec["exec"] = json!(["/granted"]);
    let outcome = jail.run("/granted && echo granted; /other; echo $?; /sh -c 'echo again'; cd /; ./other; echo $?");
    assert_eq!(outcome.stdout, "granted\n126\n126\n", "{outcome:?}");
    let violations = outcome.report["violations"].as_array().expect("a list").clone();
    assert!(violations.contains(&json!({ "kind": "exec", "what": "/other", "count": 1 })), "{violations:?}");
}

#[test]
fn the_host_stays_unnamed() {
    let name = fs::read_to_string("/proc/sys/kernel/hostname").expect("a name");
    let kernel = fs::read_to_string("/proc/sys/kernel/osrelease").expect("a release");
    let mut jail = Jail::new();
    let uname = fs::canonicalize("/bin/uname").expect("uname");
    let mount = json!({ "kind": "bind", "from": text(&uname), "to": "/uname", "mode": "ro", "exec": true, "mapOwner": false, "untrusted": false });
    jail.spec["mounts"].as_array_mut().expect("a list").push(mount);
    jail.spec["exec"] = json!(["/uname"]);
    let outcome = jail.run("/uname -a");
    assert!(outcome.stdout.starts_with("Linux sandbox 5.15.0 "), "{outcome:?}");
    assert!(!outcome.stdout.contains(name.trim()) || name.trim() == "sandbox");
    assert!(!outcome.stdout.contains(kernel.trim()));
}

#[test]
fn the_first_process_cannot_be_killed_from_inside() {
    let outcome = Jail::new().run("kill -9 1; kill -9 -1; echo alive");
    assert_eq!(outcome.stdout, "alive\n", "{outcome:?}");
}

#[test]
fn what_the_programs_process_held_before_its_exec_is_given_back() {
    let mut jail = Jail::new();
    // Of each of these it makes copies of its own.
    for name in ["A", "B", "C", "D", "E", "F", "G", "H"] {
        jail.spec["env"][name] = json!("x".repeat(100_000));
    }
    let script = "size=99999; until [ $size -lt 4608 ]; do while read name value unit; do \
                  case $name in VmSize:) size=$value;; esac; done < /proc/1/status; done; echo small";
    let outcome = jail.run(script);
    assert_eq!(outcome.stdout, "small\n", "{outcome:?}");
}

#[test]
fn however_few_files_may_be_open_no_run_begins_without_its_rules() {
    let mut begun = 0;
    for files in 6..24 {
        let mut jail = Jail::new();
        jail.spec["limits"]["files"] = json!(files);
        // The mount lets a device be written, Landlock does not.
        let outcome = jail.run("echo begun; { echo x >/dev/random; } 2>/dev/null && echo written");
        assert!(["", "begun\n"].contains(&&*outcome.stdout), "{files} files: {outcome:?}");
        begun += usize::from(!outcome.stdout.is_empty());
    }
    assert!(begun > 6, "{begun} runs began");
}

#[test]
fn only_the_sandboxes_own_processes_are_to_be_seen() {
    let outcome = Jail::new().run("echo /proc/[0-9]*; echo /proc/sys /proc/kcore /proc/meminfo*");
    assert_eq!(outcome.stdout.lines().next(), Some("/proc/1 /proc/2"), "{outcome:?}");
    let missing = Jail::new().run("read x < /proc/meminfo || echo none");
    assert_eq!(missing.stdout, "none\n");
}

#[test]
fn the_program_is_nobody_in_particular_without_any_capability() {
    let script = "while read name value rest; do case $name in Uid:|CapEff:|CapBnd:|NoNewPrivs:|Seccomp:) \
                  echo $name $value;; esac; done < /proc/self/status";
    let outcome = Jail::new().run(script);
    let expected = "Uid: 1000\nCapEff: 0000000000000000\nCapBnd: 0000000000000000\nNoNewPrivs: 1\nSeccomp: 2\n";
    assert_eq!(outcome.stdout, expected);
}

#[test]
fn a_script_that_never_ends_is_ended() {
    let begun = Instant::now();
    let outcome = Jail::new().limit("wallMs", 300).run("while read x; do :; done < /dev/zero");
    assert_eq!(outcome.report["end"], json!({ "kind": "time", "limitMs": 300 }), "{outcome:?}");
    assert!(begun.elapsed() < Duration::from_secs(10));
    assert_eq!(outcome.status, Some(124));
}

#[test]
fn processor_time_is_limited_apart_from_wall_time() {
    let outcome = Jail::new().limit("cpuMs", 300).run("while :; do :; done");
    assert_eq!(outcome.report["end"]["kind"], "cpu", "{outcome:?}");
    assert_eq!(outcome.status, Some(124));
}

#[test]
fn a_flood_of_output_is_cut_at_the_limit_and_ends_the_run() {
    let outcome = Jail::new().limit("stdoutBytes", 1000).run("while :; do echo 0123456789; done");
    assert_eq!(outcome.stdout.len(), 1000);
    assert_eq!(outcome.report["end"], json!({ "kind": "output", "stream": "stdout", "limitBytes": 1000 }));
    assert_eq!(outcome.stderr, "");
}

#[test]
fn memory_held_in_files_and_variables_counts_together() {
    let script = "x=0123456789abcdef; while :; do x=$x$x; done";
    let outcome = Jail::new().limit("memoryBytes", 32 << 20).run(script);
    assert_eq!(outcome.report["end"]["kind"], "memory", "{outcome:?}");
    assert_eq!(outcome.status, Some(137));
}

#[test]
fn too_many_processes_end_the_run() {
    let outcome = Jail::new().limit("pids", 8).run("(while :; do (read x < /dev/zero) & done); while :; do :; done");
    assert_eq!(outcome.report["end"], json!({ "kind": "pids", "limit": 8 }), "{outcome:?}");
}

#[test]
fn nothing_that_was_left_running_survives_the_end() {
    let begun = Instant::now();
    let script = "(trap '' 1 2 3 15; while :; do :; done) & echo left";
    let outcome = Jail::new().run(script);
    assert_eq!(outcome.stdout, "left\n");
    assert!(begun.elapsed() < Duration::from_secs(10), "the end did not wait for the daemon");
    assert!(marked_processes(&outcome).is_empty());
}

#[test]
fn nothing_survives_the_death_of_the_supervisor() {
    let mut jail = Jail::new();
    let marker = format!("marker-{}", jail.directory.path().display());
    jail.spec["program"] = json!(["/sh", "-c", "echo up; while :; do read x < /dev/zero; done", marker]);
    let mut child = jail.spawn();
    let mut first = [0; 3];
    std::io::Read::read_exact(child.stdout.as_mut().expect("a pipe"), &mut first).expect("the script is up");
    assert!(!processes_with(&marker).is_empty());
    child.kill().expect("SIGKILL");
    child.wait().expect("its end");
    let deadline = Instant::now() + Duration::from_secs(1);
    while !processes_with(&marker).is_empty() {
        assert!(Instant::now() < deadline, "still there: {:?}", processes_with(&marker));
        std::thread::yield_now();
    }
}

#[test]
fn artifacts_are_regular_files_only_without_their_special_rights() {
    let into = TempDir::new();
    let mut jail = Jail::new().output(into.path());
    // The shell has no chmod or ln of its own; redirections make plain files.
    let outcome = jail.run("echo result > /output/result.txt; echo x > '/output/a b'");
    let artifacts = json!([{ "path": "a b", "bytes": 2 }, { "path": "result.txt", "bytes": 7 }]);
    assert_eq!(outcome.report["artifacts"], artifacts, "{outcome:?}");
    let collected = fs::metadata(into.path().join("result.txt")).expect("the artifact");
    assert_eq!(collected.permissions().mode() & 0o7111, 0);
    assert_eq!(collected.uid(), fs::metadata(into.path()).expect("the directory").uid());
}

#[test]
fn an_existing_file_is_never_overwritten_by_an_artifact() {
    let into = TempDir::new();
    let mine = into.file("mine", "mine\n");
    let outcome = Jail::new().output(into.path()).run("echo theirs > /output/mine");
    assert_eq!(fs::read_to_string(mine).expect("the file"), "mine\n");
    let left_out = json!([{ "path": "mine", "reason": "a file of that name exists already" }]);
    assert_eq!(outcome.report["leftOut"], left_out);
}

#[test]
fn the_output_directory_is_capped() {
    let into = TempDir::new();
    let script = "i=0; while [ $i -lt 100 ]; do echo $i > /output/$i || break; i=$((i+1)); done; echo $i";
    let outcome = Jail::new().output(into.path()).run(script);
    assert_eq!(outcome.stdout, "64\n", "{outcome:?}");
}

#[test]
fn a_spec_with_an_unknown_field_runs_nothing() {
    let mut jail = Jail::new();
    jail.spec["limits"]["wallMS"] = 1.into();
    let outcome = jail.run("echo ran");
    assert_eq!((&*outcome.stdout, outcome.status), ("", Some(125)));
    assert!(outcome.stderr.contains("wallMS"), "{outcome:?}");
}

#[test]
fn a_spec_that_is_too_large_is_called_that() {
    let mut jail = Jail::new();
    jail.spec["env"]["LONG"] = "x".repeat(5 << 20).into();
    let outcome = jail.run("echo ran");
    assert_eq!((&*outcome.stdout, outcome.status), ("", Some(125)), "{outcome:?}");
    assert!(outcome.stderr.contains("larger than"), "{outcome:?}");
}

#[test]
fn a_source_behind_a_symbolic_link_is_refused_by_name() {
    let mut jail = Jail::new();
    let link = jail.directory.path().join("link");
    std::os::unix::fs::symlink("/etc", &link).expect("a link");
    let mount = json!({ "kind": "bind", "from": text(&link), "to": "/data", "mode": "ro", "exec": false, "mapOwner": false, "untrusted": false });
    jail.spec["mounts"].as_array_mut().expect("a list").push(mount);
    let outcome = jail.run("echo ran");
    assert_eq!(outcome.stdout, "");
    assert_eq!(outcome.report["end"]["kind"], "setup-failed");
    assert_eq!(outcome.report["end"]["layer"], "mounts");
    assert_eq!(outcome.report["end"]["errno"], "ELOOP");
}

/// Command lines of all processes of this machine that hold the text.
fn processes_with(text: &str) -> Vec<String> {
    let entries = fs::read_dir("/proc").into_iter().flatten().flatten();
    entries
        .filter_map(|entry| fs::read(entry.path().join("cmdline")).ok())
        .map(|line| String::from_utf8_lossy(&line).replace('\0', " "))
        .filter(|line| line.contains(text) && line.contains("/sh"))
        .collect()
}

fn marked_processes(_: &jail::Outcome) -> Vec<String> {
    processes_with("trap '' 1 2 3 15; while")
}
