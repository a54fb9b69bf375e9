//! From a table of rules to a classic BPF program, as a pure function.
//!
//! System call numbers are looked up by binary search, so a call costs about eight comparisons at most; calls that are
//! allowed whatever their arguments are answered by the kernel's own cache (Linux 5.11) without running the program.

use std::collections::BTreeMap;

/// What happens to a system call.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Action {
    Allow,
    /// Fails with this error number.
    Errno(u16),
    /// Waits for the supervisor, which refuses and counts it.
    Notify,
}

/// A test on the low 32 bits of one argument. The kernel itself takes these arguments as 32-bit values.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Test {
    pub argument: u8,
    pub mask: u32,
    pub equals: u32,
}

/// How one system call is decided: the first case all of whose tests hold decides, else `otherwise`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rule {
    pub cases: Vec<(Vec<Test>, Action)>,
    pub otherwise: Action,
}

impl From<Action> for Rule {
    fn from(otherwise: Action) -> Self {
        Self { cases: Vec::new(), otherwise }
    }
}

/// Rules by system call number; every number that is not there gets the filter's default.
pub type Rules = BTreeMap<u32, Rule>;

const OFFSET_NR: u32 = 0;
const OFFSET_ARCH: u32 = 4;
const OFFSET_ARGS: u32 = 16;
/// Numbers from here on are those of the x32 ABI on x86-64; no other architecture has any.
const X32_BIT: u32 = 0x4000_0000;

#[cfg(target_arch = "x86_64")]
const AUDIT_ARCH: u32 = 0xC000_003E;
#[cfg(target_arch = "aarch64")]
const AUDIT_ARCH: u32 = 0xC000_00B7;

/// Compiles the filter. `default` is for numbers without a rule; system calls of another architecture get `foreign`.
pub fn compile(rules: &Rules, default: Action, foreign: Action) -> Vec<libc::sock_filter> {
    let mut code = vec![load(OFFSET_ARCH), jump(libc::BPF_JEQ, AUDIT_ARCH, 1, 0), ret(foreign), load(OFFSET_NR)];
    code.extend([jump(libc::BPF_JGE, X32_BIT, 0, 1), ret(foreign)]);
    code.extend(search(&spans(rules, default)));
    code
}

/// A run of numbers that are decided alike.
struct Span {
    first: u32,
    rule: Rule,
}

/// Covers all numbers from 0 on with as few spans as there are.
fn spans(rules: &Rules, default: Action) -> Vec<Span> {
    let default = Rule::from(default);
    let mut spans = vec![];
    let mut push = |first: u32, rule: &Rule| {
        if spans.last().is_none_or(|last: &Span| last.rule != *rule) {
            spans.push(Span { first, rule: rule.clone() });
        }
    };
    let mut next = 0;
    for (number, rule) in rules {
        if next < *number {
            push(next, &default);
        }
        push(*number, rule);
        next = number + 1;
    }
    push(next, &default);
    spans
}

fn search(spans: &[Span]) -> Vec<libc::sock_filter> {
    match spans {
        [] => vec![],
        [only] => decide(&only.rule),
        _ => {
            let (left, right) = spans.split_at(spans.len() / 2);
            let (left, pivot, right) = (search(left), right[0].first, search(right));
            let mut code = match u8::try_from(left.len()) {
                Ok(distance) => vec![jump(libc::BPF_JGE, pivot, distance, 0)],
                // A conditional jump reaches 255 instructions only, so the far side is reached by an unconditional one.
                Err(_) => vec![jump(libc::BPF_JGE, pivot, 0, 1), jump_always(left.len())],
            };
            code.extend(left);
            code.extend(right);
            code
        }
    }
}

fn decide(rule: &Rule) -> Vec<libc::sock_filter> {
    let mut code = vec![];
    for (tests, action) in &rule.cases {
        // From the last test to the first: each jumps over all that follows it in this case.
        let mut case = vec![ret(*action)];
        for test in tests.iter().rev() {
            let mut compare = vec![load(OFFSET_ARGS + 8 * u32::from(test.argument))];
            if test.mask != u32::MAX {
                compare.push(statement(libc::BPF_ALU | libc::BPF_AND | libc::BPF_K, test.mask));
            }
            compare.push(jump(libc::BPF_JEQ, test.equals, 0, case.len() as u8));
            compare.extend(case);
            case = compare;
        }
        code.extend(case);
    }
    code.push(ret(rule.otherwise));
    code
}

fn statement(operation: u32, k: u32) -> libc::sock_filter {
    libc::sock_filter { code: operation as u16, jt: 0, jf: 0, k }
}

fn load(offset: u32) -> libc::sock_filter {
    statement(libc::BPF_LD | libc::BPF_W | libc::BPF_ABS, offset)
}

fn jump(condition: u32, k: u32, jt: u8, jf: u8) -> libc::sock_filter {
    libc::sock_filter { code: (libc::BPF_JMP | condition | libc::BPF_K) as u16, jt, jf, k }
}

fn jump_always(distance: usize) -> libc::sock_filter {
    statement(libc::BPF_JMP | libc::BPF_JA, distance as u32)
}

fn ret(action: Action) -> libc::sock_filter {
    let value = match action {
        Action::Allow => libc::SECCOMP_RET_ALLOW,
        Action::Errno(errno) => libc::SECCOMP_RET_ERRNO | u32::from(errno),
        Action::Notify => libc::SECCOMP_RET_USER_NOTIF,
    };
    statement(libc::BPF_RET | libc::BPF_K, value)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Runs a program as the kernel would, over the words of `struct seccomp_data`.
    fn run(code: &[libc::sock_filter], data: &[u32; 16]) -> u32 {
        let (mut pc, mut accumulator) = (0_usize, 0_u32);
        loop {
            let i = code[pc];
            pc += 1;
            match u32::from(i.code) {
                op if op == libc::BPF_LD | libc::BPF_W | libc::BPF_ABS => accumulator = data[i.k as usize / 4],
                op if op == libc::BPF_ALU | libc::BPF_AND | libc::BPF_K => accumulator &= i.k,
                op if op == libc::BPF_JMP | libc::BPF_JA => pc += i.k as usize,
                op if op == libc::BPF_JMP | libc::BPF_JEQ | libc::BPF_K => {
                    pc += usize::from(if accumulator == i.k { i.jt } else { i.jf });
                }
                op if op == libc::BPF_JMP | libc::BPF_JGE | libc::BPF_K => {
                    pc += usize::from(if accumulator >= i.k { i.jt } else { i.jf });
                }
                op if op == libc::BPF_RET | libc::BPF_K => return i.k,
                op => unreachable!("operation {op:#x}"),
            }
        }
    }

    fn data(arch: u32, number: u32, first_argument: u64) -> [u32; 16] {
        let mut data = [0; 16];
        (data[0], data[1]) = (number, arch);
        (data[4], data[5]) = (first_argument as u32, (first_argument >> 32) as u32);
        data
    }

    #[test]
    fn every_number_gets_its_own_rule_and_all_others_the_default() {
        let mut rules = Rules::new();
        for number in (0..460).step_by(3) {
            let action = if number % 2 == 0 { Action::Allow } else { Action::Errno(number as u16 + 1) };
            rules.insert(number, action.into());
        }
        let code = compile(&rules, Action::Notify, Action::Errno(1));
        for number in 0..1000 {
            let expected = match rules.get(&number) {
                Some(rule) => ret(rule.otherwise).k,
                None => libc::SECCOMP_RET_USER_NOTIF,
            };
            assert_eq!(run(&code, &data(AUDIT_ARCH, number, 0)), expected, "number {number}");
        }
    }

    #[test]
    fn foreign_architectures_and_x32_never_reach_the_rules() {
        let rules = Rules::from([(59, Action::Allow.into())]);
        let code = compile(&rules, Action::Allow, Action::Errno(38));
        let refused = libc::SECCOMP_RET_ERRNO | 38;
        assert_eq!(run(&code, &data(0x4000_0003, 59, 0)), refused, "i386");
        assert_eq!(run(&code, &data(AUDIT_ARCH, 59 | X32_BIT, 0)), refused, "x32");
        assert_eq!(run(&code, &data(AUDIT_ARCH, 59, 0)), libc::SECCOMP_RET_ALLOW);
    }

    #[test]
    fn the_first_case_that_holds_decides() {
        let test = |mask, equals| Test { argument: 0, mask, equals };
        let rule = Rule {
            cases: vec![
                (vec![test(0xF0, 0x10)], Action::Allow),
                (vec![test(u32::MAX, 7)], Action::Errno(7)),
                (vec![test(1, 1), test(2, 2), test(4, 4)], Action::Errno(9)),
            ],
            otherwise: Action::Notify,
        };
        let code = compile(&Rules::from([(3, rule)]), Action::Notify, Action::Notify);
        let outcome = |argument| run(&code, &data(AUDIT_ARCH, 3, argument));
        assert_eq!(outcome(0x15), libc::SECCOMP_RET_ALLOW);
        assert_eq!(outcome(7), libc::SECCOMP_RET_ERRNO | 7);
        assert_eq!(outcome(0xFFFF_0000_0000_0007), libc::SECCOMP_RET_ERRNO | 7, "high bits are not the kernel's");
        assert_eq!(outcome(0x0F), libc::SECCOMP_RET_ERRNO | 9, "all tests of a case hold");
        assert_eq!(outcome(0x0D), libc::SECCOMP_RET_USER_NOTIF, "one of them does not");
    }

    #[test]
    fn no_jump_leaves_the_program() {
        let code = compile(
            &super::super::rules::rules(
                super::super::rules::Surface::Host,
                super::super::sockets::Sockets::Loopback,
                [1, 2, 3],
            ),
            Action::Errno(1),
            Action::Errno(1),
        );
        assert!(code.len() < 4096, "the kernel takes at most 4096 instructions, this has {}", code.len());
        for (at, i) in code.iter().enumerate() {
            let furthest =
                if u32::from(i.code) == libc::BPF_JMP | libc::BPF_JA { i.k as usize } else { i.jt.max(i.jf).into() };
            assert!(at + furthest < code.len(), "instruction {at}");
        }
    }
}
