//! From a table of rules to a classic BPF program, as a pure function.
//!
//! System call numbers are looked up by binary search, so a call costs about eight comparisons at most; calls that are
//! allowed whatever their arguments are answered by the kernel's own cache (Linux 5.11) without running the program.

use crate::prelude::*;

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

/// Rules by system call number. Few rules are for many numbers, and all of them are made anew for each run, so each is
/// there once.
#[derive(Debug, Clone)]
pub struct Rules {
    /// For each number the place of its rule.
    places: [u8; NUMBERS],
    /// The first is for all other numbers.
    rules: Vec<Rule>,
}

/// More than any architecture has, without those of x32.
const NUMBERS: usize = 512;

impl Rules {
    /// With a default for every number that gets no rule.
    pub fn new(default: Action) -> Self {
        let mut rules = Vec::with_capacity(64);
        rules.push(default.into());
        Self { places: [0; NUMBERS], rules }
    }

    /// Sets the rule for one number; the last one counts.
    pub fn set(&mut self, number: u32, rule: Rule) {
        let known = self.rules.iter().position(|known| *known == rule);
        let place = known.unwrap_or_else(|| {
            self.rules.push(rule);
            self.rules.len() - 1
        });
        self.places[number as usize] = u8::try_from(place).unwrap_or_else(|_| unreachable!("fewer rules"));
    }

    pub fn get(&self, number: u32) -> &Rule {
        &self.rules[usize::from(self.places.get(number as usize).copied().unwrap_or(0))]
    }
}

const OFFSET_NR: u32 = 0;
const OFFSET_ARCH: u32 = 4;
const OFFSET_ARGS: u32 = 16;
/// Numbers from here on are those of the x32 ABI on x86-64; no other architecture has any.
const X32_BIT: u32 = 0x4000_0000;

#[cfg(target_arch = "x86_64")]
const AUDIT_ARCH: u32 = 0xC000_003E;
#[cfg(target_arch = "aarch64")]
const AUDIT_ARCH: u32 = 0xC000_00B7;

/// Compiles the filter. System calls of another architecture get `foreign`.
pub fn compile(rules: &Rules, foreign: Action) -> Vec<libc::sock_filter> {
    let mut program = Program::default();
    let numbers = program.search(&spans(rules));
    let foreign = program.end(foreign);
    let plain = program.jump(libc::BPF_JGE, X32_BIT, foreign, numbers);
    let number = program.push(load(OFFSET_NR));
    debug_assert_eq!(number, plain + 1);
    let foreign = program.reach(foreign);
    program.jump(libc::BPF_JEQ, AUDIT_ARCH, number, foreign);
    program.push(load(OFFSET_ARCH));
    program.backwards.reverse();
    program.backwards
}

/// A run of numbers that are decided alike.
struct Span<'a> {
    first: u32,
    rule: &'a Rule,
}

/// Covers all numbers from 0 on with as few spans as there are: equal rules have one place.
fn spans(rules: &Rules) -> Vec<Span<'_>> {
    let mut spans = Vec::with_capacity(128);
    let mut last = None;
    for (first, place) in (0..).zip(rules.places.iter().chain(&[0])) {
        if last != Some(place) {
            spans.push(Span { first, rule: rules.get(first) });
        }
        last = Some(place);
    }
    spans
}

/// The place of an instruction, counted from the end of the program.
type Label = usize;

/// A program that is written from its end to its beginning: jumps go forward only, so where they lead is there already.
/// Every few hundred instructions an end is written once more, since a conditional jump reaches no further.
#[derive(Default)]
struct Program {
    backwards: Vec<libc::sock_filter>,
    ends: Vec<(Action, Label)>,
}

impl Program {
    fn push(&mut self, instruction: libc::sock_filter) -> Label {
        self.backwards.push(instruction);
        self.backwards.len() - 1
    }

    /// Instructions between the next one to be written and `to`.
    fn distance(&self, to: Label) -> usize {
        self.backwards.len() - 1 - to
    }

    /// Whether the next instruction, and some more that may come before it, can jump there.
    fn is_near(&self, to: Label) -> bool {
        const SPARE: usize = 32;
        self.distance(to) + SPARE <= u8::MAX.into()
    }

    /// An instruction with the same effect as `to` that is near.
    fn reach(&mut self, to: Label) -> Label {
        if self.is_near(to) {
            return to;
        }
        let distance = self.distance(to);
        self.push(statement(libc::BPF_JMP | libc::BPF_JA, distance as u32))
    }

    /// An end with this action that is near.
    fn end(&mut self, action: Action) -> Label {
        let known = self.ends.iter().rev().find(|(known, at)| *known == action && self.is_near(*at));
        if let Some((_, label)) = known {
            return *label;
        }
        let label = self.push(ret(action));
        self.ends.push((action, label));
        label
    }

    /// Both targets must be near.
    fn jump(&mut self, condition: u32, k: u32, then: Label, otherwise: Label) -> Label {
        let (jt, jf) = (self.distance(then) as u8, self.distance(otherwise) as u8);
        self.push(libc::sock_filter { code: (libc::BPF_JMP | condition | libc::BPF_K) as u16, jt, jf, k })
    }

    fn search(&mut self, spans: &[Span<'_>]) -> Label {
        match spans {
            [only] => self.decide(only.rule),
            _ => {
                let (left, right) = spans.split_at(spans.len() / 2);
                let pivot = right.first().map_or(0, |span| span.first);
                let right = self.search(right);
                let left = self.search(left);
                let right = self.reach(right);
                let left = self.reach(left);
                self.jump(libc::BPF_JGE, pivot, right, left)
            }
        }
    }

    fn decide(&mut self, rule: &Rule) -> Label {
        let mut next = self.end(rule.otherwise);
        // The argument in the accumulator at `compared`, if `next` is the instruction that loads it.
        let mut loaded: Option<(u8, Label)> = None;
        for (tests, action) in rule.cases.iter().rev() {
            let mut target = self.end(*action);
            // Where one value is compared after another, the argument is loaded once.
            if let ([test], Some((argument, compared))) = (tests.as_slice(), loaded)
                && test.mask == u32::MAX
                && test.argument == argument
                && compared + 2 == self.backwards.len()
                && next + 1 == self.backwards.len()
            {
                self.backwards.pop();
                next = compared;
            }
            for (at, test) in tests.iter().enumerate().rev() {
                next = self.reach(next);
                target = self.reach(target);
                let compared = self.jump(libc::BPF_JEQ, test.equals, target, next);
                if test.mask != u32::MAX {
                    self.push(statement(libc::BPF_ALU | libc::BPF_AND | libc::BPF_K, test.mask));
                }
                target = self.push(load(OFFSET_ARGS + 8 * u32::from(test.argument)));
                loaded = (at == 0 && tests.len() == 1 && test.mask == u32::MAX).then_some((test.argument, compared));
            }
            next = target;
        }
        next
    }
}

fn statement(operation: u32, k: u32) -> libc::sock_filter {
    libc::sock_filter { code: operation as u16, jt: 0, jf: 0, k }
}

fn load(offset: u32) -> libc::sock_filter {
    statement(libc::BPF_LD | libc::BPF_W | libc::BPF_ABS, offset)
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
    use proptest::collection::{btree_map, vec};
    use proptest::prelude::*;

    use super::*;

    fn rules_of(default: Action, list: impl IntoIterator<Item = (u32, Rule)>) -> Rules {
        let mut rules = Rules::new(default);
        list.into_iter().for_each(|(number, rule)| rules.set(number, rule));
        rules
    }

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
        let mut rules = Rules::new(Action::Notify);
        for number in (0..460).step_by(3) {
            let action = if number % 2 == 0 { Action::Allow } else { Action::Errno(number as u16 + 1) };
            rules.set(number, action.into());
        }
        let code = compile(&rules, Action::Errno(1));
        for number in 0..1000 {
            let has_rule = number < 460 && number % 3 == 0;
            let expected = match has_rule.then(|| rules.get(number)) {
                Some(rule) => ret(rule.otherwise).k,
                None => libc::SECCOMP_RET_USER_NOTIF,
            };
            assert_eq!(run(&code, &data(AUDIT_ARCH, number, 0)), expected, "number {number}");
        }
    }

    #[test]
    fn foreign_architectures_and_x32_never_reach_the_rules() {
        let rules = rules_of(Action::Allow, [(59, Action::Allow.into())]);
        let code = compile(&rules, Action::Errno(38));
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
        let code = compile(&rules_of(Action::Notify, [(3, rule)]), Action::Notify);
        let outcome = |argument| run(&code, &data(AUDIT_ARCH, 3, argument));
        assert_eq!(outcome(0x15), libc::SECCOMP_RET_ALLOW);
        assert_eq!(outcome(7), libc::SECCOMP_RET_ERRNO | 7);
        assert_eq!(outcome(0xFFFF_0000_0000_0007), libc::SECCOMP_RET_ERRNO | 7, "high bits are not the kernel's");
        assert_eq!(outcome(0x0F), libc::SECCOMP_RET_ERRNO | 9, "all tests of a case hold");
        assert_eq!(outcome(0x0D), libc::SECCOMP_RET_USER_NOTIF, "one of them does not");
    }

    #[test]
    fn no_jump_leaves_the_program_and_it_is_small() {
        let code = compile(
            &super::super::rules::rules(
                super::super::rules::Surface::Host,
                super::super::sockets::Sockets::Loopback,
                super::super::rules::Forks::Asked,
                [1, 2, 3],
            ),
            Action::Errno(1),
        );
        // The kernel translates it at each launch.
        assert!(code.len() < 512, "{} instructions", code.len());
        for (at, i) in code.iter().enumerate() {
            let furthest =
                if u32::from(i.code) == libc::BPF_JMP | libc::BPF_JA { i.k as usize } else { i.jt.max(i.jf).into() };
            assert!(at + furthest < code.len(), "instruction {at}");
        }
    }

    /// What a rule says, word by word.
    fn meaning(rules: &Rules, data: &[u32; 16]) -> Action {
        let rule = rules.get(data[0]);
        let argument = |test: &Test| data[4 + 2 * usize::from(test.argument)];
        let holds = |tests: &[Test]| tests.iter().all(|test| argument(test) & test.mask == test.equals);
        rule.cases.iter().find(|(tests, _)| holds(tests)).map_or(rule.otherwise, |(_, action)| *action)
    }

    fn actions() -> impl Strategy<Value = Action> {
        prop_oneof![Just(Action::Allow), (0..9_u16).prop_map(Action::Errno), Just(Action::Notify)]
    }

    /// Small values and masks, so that cases overlap and tests of one argument follow each other.
    fn tests() -> impl Strategy<Value = Test> {
        let masks = prop_oneof![Just(u32::MAX), 0..8_u32];
        (0..6_u8, masks, 0..4_u32).prop_map(|(argument, mask, equals)| Test { argument: argument / 3, mask, equals })
    }

    fn any_rules() -> impl Strategy<Value = Rules> {
        let cases = vec((vec(tests(), 0..3), actions()), 0..12);
        let rule = (cases, actions()).prop_map(|(cases, otherwise)| Rule { cases, otherwise });
        btree_map(0..NUMBERS as u32, rule, 0..200).prop_map(|list| rules_of(Action::Notify, list))
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(64))]
        #[test]
        fn every_program_means_what_its_rules_say(rules in any_rules(), arguments in vec(0..5_u32, 200)) {
            let code = compile(&rules, Action::Errno(1));
            for (number, arguments) in (0..620).zip(arguments.windows(3).cycle()) {
                let mut given = data(AUDIT_ARCH, number, 0);
                (given[4], given[6]) = (arguments[0], arguments[1]);
                prop_assert_eq!(run(&code, &given), ret(meaning(&rules, &given)).k);
            }
        }
    }
}
