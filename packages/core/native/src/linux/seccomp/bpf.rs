//! From a table of rules to a classic BPF program, while this crate is compiled: a launch only fills in its pass.
//!
//! System call numbers are looked up by binary search, so a call costs about ten comparisons at most; calls that are
//! allowed whatever their arguments are answered by the kernel's own cache (Linux 5.11) without running the program.
//! The kernel translates the program at each launch, so it is worth being short.

use crate::prelude::*;
use crate::sys::process::Pass;

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

impl Test {
    /// Holds always.
    pub const NONE: Self = Self { argument: 0, mask: 0, equals: 0 };
}

/// What happens where all of these tests hold.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Case {
    pub tests: [Test; 3],
    pub action: Action,
}

/// How one system call is decided: the first case that holds decides, else `otherwise`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Rule {
    pub cases: &'static [Case],
    pub otherwise: Action,
}

impl Rule {
    /// The same whatever the arguments are.
    pub const fn always(otherwise: Action) -> Self {
        Self { cases: &[], otherwise }
    }
}

/// Rules by system call number. Few rules are for many numbers, so each is there once.
#[derive(Debug, Clone)]
pub struct Rules {
    /// For each number the place of its rule.
    places: [u8; NUMBERS],
    /// The first is for all other numbers.
    rules: [Rule; PLACES],
    count: usize,
}

/// More than any architecture has, without those of x32.
const NUMBERS: usize = 512;
const PLACES: usize = 256;

impl Rules {
    /// With a default for every number that gets no rule.
    pub const fn new(default: Action) -> Self {
        Self { places: [0; NUMBERS], rules: [Rule::always(default); PLACES], count: 1 }
    }

    /// Sets the rule for one number; the last one counts.
    pub const fn set(&mut self, number: libc::c_long, rule: Rule) {
        let mut place = 0;
        while place < self.count && !same_rule(&self.rules[place], &rule) {
            place += 1;
        }
        if place == self.count {
            self.rules[place] = rule;
            self.count += 1;
        }
        self.places[number as usize] = place as u8;
    }

    /// Sets one rule for several numbers.
    pub const fn set_all(&mut self, numbers: &[libc::c_long], rule: Rule) {
        let mut at = 0;
        while at < numbers.len() {
            self.set(numbers[at], rule);
            at += 1;
        }
    }

    #[cfg(test)]
    pub fn get(&self, number: u32) -> &Rule {
        &self.rules[usize::from(self.places.get(number as usize).copied().unwrap_or(0))]
    }
}

// The comparisons that can be derived are not for constants.

const fn same_action(a: Action, b: Action) -> bool {
    match (a, b) {
        (Action::Allow, Action::Allow) | (Action::Notify, Action::Notify) => true,
        (Action::Errno(a), Action::Errno(b)) => a == b,
        _ => false,
    }
}

const fn same_test(a: &Test, b: &Test) -> bool {
    a.argument == b.argument && a.mask == b.mask && a.equals == b.equals
}

const fn same_rule(a: &Rule, b: &Rule) -> bool {
    if !same_action(a.otherwise, b.otherwise) || a.cases.len() != b.cases.len() {
        return false;
    }
    let mut at = 0;
    while at < a.cases.len() {
        let (left, right) = (&a.cases[at], &b.cases[at]);
        let mut test = 0;
        while test < left.tests.len() {
            if !same_test(&left.tests[test], &right.tests[test]) {
                return false;
            }
            test += 1;
        }
        if !same_action(left.action, right.action) {
            return false;
        }
        at += 1;
    }
    true
}

/// Stands for the words of the pass until they are known. No rule compares anything else with these.
pub const PASS_MARKS: Pass = [0x7061_7331, 0x7061_7332, 0x7061_7333];

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
pub const fn compile(rules: &Rules, foreign: Action) -> Program {
    let spans = Spans::of(rules);
    let mut writer = Writer::new(rules);
    let numbers = writer.search(&spans, 0, spans.count);
    let foreign = writer.end(foreign);
    let numbers = writer.reach(numbers);
    let plain = writer.jump(libc::BPF_JGE, X32_BIT, foreign, numbers);
    let number = writer.push(load(OFFSET_NR));
    assert!(number == plain + 1);
    let foreign = writer.reach(foreign);
    writer.jump(libc::BPF_JEQ, AUDIT_ARCH, number, foreign);
    writer.push(load(OFFSET_ARCH));
    Program { backwards: writer.backwards, length: writer.length }
}

/// A program, from its end to its beginning.
#[derive(Debug)]
pub struct Program {
    backwards: [libc::sock_filter; MAX_CODE],
    length: usize,
}

/// A program may be so long; the kernel's own limit is 4096.
const MAX_CODE: usize = 4096;

impl Program {
    /// The same in the order of its execution, in as little room as it needs.
    pub const fn code<const LENGTH: usize>(&self) -> [libc::sock_filter; LENGTH] {
        assert!(LENGTH == self.length);
        let mut code = [statement(0, 0); LENGTH];
        let mut at = 0;
        while at < LENGTH {
            code[at] = self.backwards[LENGTH - 1 - at];
            at += 1;
        }
        code
    }

    pub const fn length(&self) -> usize {
        self.length
    }
}

/// Fills in the words of a pass.
pub fn with_pass(code: &[libc::sock_filter], pass: Pass) -> Vec<libc::sock_filter> {
    let mut code = code.to_vec();
    for instruction in &mut code {
        if let Some(word) = PASS_MARKS.iter().position(|mark| *mark == instruction.k) {
            instruction.k = pass[word];
        }
    }
    code
}

/// Runs of numbers that are decided alike. They cover all numbers from 0 on, and are as few as there can be: equal rules
/// have one place.
struct Spans {
    first: [u32; NUMBERS + 1],
    place: [u8; NUMBERS + 1],
    count: usize,
}

impl Spans {
    const fn of(rules: &Rules) -> Self {
        let mut spans = Self { first: [0; NUMBERS + 1], place: [0; NUMBERS + 1], count: 0 };
        let mut number = 0;
        while number <= NUMBERS {
            let place = if number < NUMBERS { rules.places[number] } else { 0 };
            if spans.count == 0 || spans.place[spans.count - 1] != place {
                spans.first[spans.count] = number as u32;
                spans.place[spans.count] = place;
                spans.count += 1;
            }
            number += 1;
        }
        spans
    }

    /// Whether this one is a single number.
    const fn is_single(&self, at: usize) -> bool {
        at + 1 < self.count && self.first[at + 1] == self.first[at] + 1
    }

    /// The place that all of these have except a few single numbers, if there is one.
    const fn common_place(&self, begin: usize, end: usize) -> Option<u8> {
        const FEW: usize = 4;
        let mut candidate = begin;
        while candidate < end && candidate < begin + 2 {
            let place = self.place[candidate];
            let (mut at, mut others, mut fits) = (begin, 0, true);
            while at < end {
                if self.place[at] != place {
                    others += 1;
                    fits = fits && self.is_single(at);
                }
                at += 1;
            }
            if fits && others <= FEW {
                return Some(place);
            }
            candidate += 1;
        }
        None
    }
}

/// The place of an instruction, counted from the end of the program.
type Label = usize;

/// Writes a program from its end to its beginning: jumps go forward only, so where they lead is there already. Every few
/// hundred instructions an end is written once more, since a conditional jump reaches no further.
struct Writer<'a> {
    rules: &'a Rules,
    backwards: [libc::sock_filter; MAX_CODE],
    length: usize,
    ends: [(Action, Label); PLACES],
    ends_count: usize,
    /// Where each rule is decided, once it is.
    decided: [Option<Label>; PLACES],
}

impl<'a> Writer<'a> {
    const fn new(rules: &'a Rules) -> Self {
        Self {
            rules,
            backwards: [statement(0, 0); MAX_CODE],
            length: 0,
            ends: [(Action::Allow, 0); PLACES],
            ends_count: 0,
            decided: [None; PLACES],
        }
    }

    const fn push(&mut self, instruction: libc::sock_filter) -> Label {
        self.backwards[self.length] = instruction;
        self.length += 1;
        self.length - 1
    }

    /// Instructions between the next one to be written and `to`.
    const fn distance(&self, to: Label) -> usize {
        self.length - 1 - to
    }

    /// Whether the next instruction, and some more that may come before it, can jump there.
    const fn is_near(&self, to: Label) -> bool {
        const SPARE: usize = 32;
        self.distance(to) + SPARE <= u8::MAX as usize
    }

    /// An instruction with the same effect as `to` that is near.
    const fn reach(&mut self, to: Label) -> Label {
        if self.is_near(to) {
            return to;
        }
        let distance = self.distance(to);
        self.push(statement(libc::BPF_JMP | libc::BPF_JA, distance as u32))
    }

    /// An end with this action that is near.
    const fn end(&mut self, action: Action) -> Label {
        let mut at = self.ends_count;
        while at > 0 {
            at -= 1;
            let (known, label) = self.ends[at];
            if same_action(known, action) && self.is_near(label) {
                return label;
            }
        }
        let label = self.push(ret(action));
        self.ends[self.ends_count] = (action, label);
        self.ends_count += 1;
        label
    }

    /// Both targets must be near.
    const fn jump(&mut self, condition: u32, k: u32, then: Label, otherwise: Label) -> Label {
        let (jt, jf) = (self.distance(then) as u8, self.distance(otherwise) as u8);
        self.push(libc::sock_filter { code: (libc::BPF_JMP | condition | libc::BPF_K) as u16, jt, jf, k })
    }

    const fn search(&mut self, spans: &Spans, begin: usize, end: usize) -> Label {
        if let Some(common) = spans.common_place(begin, end) {
            let mut next = self.decide(common);
            let mut at = end;
            while at > begin {
                at -= 1;
                if spans.place[at] != common {
                    let then = self.decide(spans.place[at]);
                    next = self.reach(next);
                    let then = self.reach(then);
                    next = self.jump(libc::BPF_JEQ, spans.first[at], then, next);
                }
            }
            return next;
        }
        let middle = usize::midpoint(begin, end);
        let right = self.search(spans, middle, end);
        let left = self.search(spans, begin, middle);
        let right = self.reach(right);
        let left = self.reach(left);
        self.jump(libc::BPF_JGE, spans.first[middle], right, left)
    }

    const fn decide(&mut self, place: u8) -> Label {
        match self.decided[place as usize] {
            Some(label) if self.is_near(label) => return label,
            _ => {}
        }
        let rule = self.rules.rules[place as usize];
        let mut next = self.end(rule.otherwise);
        // The only test of the case that begins at `next`, and the instruction that compares for it.
        let mut only: Option<(Test, Label)> = None;
        let mut at = rule.cases.len();
        while at > 0 {
            at -= 1;
            let case = rule.cases[at];
            let single = case.only_test();
            // Where one value is compared after another, the argument is loaded once.
            match (single, only) {
                (Some(test), Some((after, compared)))
                    if test.argument == after.argument && test.mask == after.mask && next + 1 == self.length =>
                {
                    self.length = compared + 1;
                    next = compared;
                }
                _ => {}
            }
            let mut target = self.end(case.action);
            let mut test = case.tests.len();
            only = None;
            while test > 0 {
                test -= 1;
                let Test { argument, mask, equals } = case.tests[test];
                if mask == 0 {
                    continue;
                }
                next = self.reach(next);
                target = self.reach(target);
                let compared = self.jump(libc::BPF_JEQ, equals, target, next);
                if mask != u32::MAX {
                    self.push(statement(libc::BPF_ALU | libc::BPF_AND | libc::BPF_K, mask));
                }
                target = self.push(load(OFFSET_ARGS + 8 * argument as u32));
                only = match single {
                    Some(test) => Some((test, compared)),
                    None => None,
                };
            }
            next = target;
        }
        self.decided[place as usize] = Some(next);
        next
    }
}

impl Case {
    const fn only_test(&self) -> Option<Test> {
        let [first, second, third] = self.tests;
        if first.mask != 0 && second.mask == 0 && third.mask == 0 { Some(first) } else { None }
    }
}

const fn statement(operation: u32, k: u32) -> libc::sock_filter {
    libc::sock_filter { code: operation as u16, jt: 0, jf: 0, k }
}

const fn load(offset: u32) -> libc::sock_filter {
    statement(libc::BPF_LD | libc::BPF_W | libc::BPF_ABS, offset)
}

const fn ret(action: Action) -> libc::sock_filter {
    let value = match action {
        Action::Allow => libc::SECCOMP_RET_ALLOW,
        Action::Errno(errno) => libc::SECCOMP_RET_ERRNO | errno as u32,
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
        list.into_iter().for_each(|(number, rule)| rules.set(number.into(), rule));
        rules
    }

    fn compiled(rules: &Rules, foreign: Action) -> Vec<libc::sock_filter> {
        let program = compile(rules, foreign);
        program.backwards[..program.length].iter().rev().copied().collect()
    }

    fn case(tests: &[Test], action: Action) -> Case {
        let mut case = Case { tests: [Test::NONE; 3], action };
        case.tests[..tests.len()].copy_from_slice(tests);
        case
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
            rules.set(number.into(), Rule::always(action));
        }
        let code = compiled(&rules, Action::Errno(1));
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
        let rules = rules_of(Action::Allow, [(59, Rule::always(Action::Allow))]);
        let code = compiled(&rules, Action::Errno(38));
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
                case(&[test(0xF0, 0x10)], Action::Allow),
                case(&[test(u32::MAX, 7)], Action::Errno(7)),
                case(&[test(1, 1), test(2, 2), test(4, 4)], Action::Errno(9)),
            ]
            .leak(),
            otherwise: Action::Notify,
        };
        let code = compiled(&rules_of(Action::Notify, [(3, rule)]), Action::Notify);
        let outcome = |argument| run(&code, &data(AUDIT_ARCH, 3, argument));
        assert_eq!(outcome(0x15), libc::SECCOMP_RET_ALLOW);
        assert_eq!(outcome(7), libc::SECCOMP_RET_ERRNO | 7);
        assert_eq!(outcome(0xFFFF_0000_0000_0007), libc::SECCOMP_RET_ERRNO | 7, "high bits are not the kernel's");
        assert_eq!(outcome(0x0F), libc::SECCOMP_RET_ERRNO | 9, "all tests of a case hold");
        assert_eq!(outcome(0x0D), libc::SECCOMP_RET_USER_NOTIF, "one of them does not");
    }

    #[test]
    fn no_jump_leaves_a_program_and_all_are_short() {
        for code in all_programs() {
            // The kernel translates it at each launch.
            assert!(code.len() < 360, "{} instructions", code.len());
            for (at, i) in code.iter().enumerate() {
                let is_far = u32::from(i.code) == libc::BPF_JMP | libc::BPF_JA;
                let furthest = if is_far { i.k as usize } else { i.jt.max(i.jf).into() };
                assert!(at + furthest < code.len(), "instruction {at}");
            }
        }
    }

    fn all_programs() -> impl Iterator<Item = &'static [libc::sock_filter]> {
        use super::super::{program, rules::Forks, rules::Surface, sockets::Sockets};
        [Surface::Namespaces, Surface::Host].into_iter().flat_map(|surface| {
            [Sockets::Unix, Sockets::Loopback].into_iter().flat_map(move |sockets| {
                [Forks::Limited, Forks::Asked].into_iter().map(move |forks| program(surface, sockets, forks))
            })
        })
    }

    #[test]
    fn a_pass_takes_the_place_of_its_marks_and_of_nothing_else() {
        const PASS: Pass = [1 << 30 | 1, 1 << 30 | 2, 1 << 30 | 3];
        for code in all_programs() {
            let filled = with_pass(code, PASS);
            let mut times = [0; 3];
            for (marked, filled) in code.iter().zip(&filled) {
                match PASS_MARKS.iter().position(|mark| *mark == marked.k) {
                    Some(word) => {
                        times[word] += 1;
                        assert_eq!(
                            (u32::from(marked.code), marked.k),
                            (libc::BPF_JMP | libc::BPF_JEQ, PASS_MARKS[word])
                        );
                        assert_eq!(filled.k, PASS[word]);
                    }
                    None => assert_eq!(filled.k, marked.k),
                }
            }
            assert!(times[0] > 0 && times[1] >= times[0] && times[1] == times[2], "{times:?}");
        }
    }

    /// What a rule says, word by word.
    fn meaning(rules: &Rules, data: &[u32; 16]) -> Action {
        let rule = rules.get(data[0]);
        let argument = |test: &Test| data[4 + 2 * usize::from(test.argument)];
        let holds = |case: &&Case| case.tests.iter().all(|test| argument(test) & test.mask == test.equals);
        rule.cases.iter().find(holds).map_or(rule.otherwise, |case| case.action)
    }

    fn actions() -> impl Strategy<Value = Action> {
        prop_oneof![Just(Action::Allow), (0..9_u16).prop_map(Action::Errno), Just(Action::Notify)]
    }

    /// Small values and masks, so that cases overlap and tests of one argument follow each other.
    fn tests() -> impl Strategy<Value = Test> {
        let masks = prop_oneof![Just(u32::MAX), 1..8_u32];
        (0..6_u8, masks, 0..4_u32).prop_map(|(argument, mask, equals)| Test { argument: argument / 3, mask, equals })
    }

    /// No more than a program has room for, whatever they are, but more than a conditional jump reaches over.
    fn any_rules() -> impl Strategy<Value = Rules> {
        let case = (vec(tests(), 0..=3), actions()).prop_map(|(tests, action)| case(&tests, action));
        let rule = (vec(case, 0..6), actions()).prop_map(|(cases, otherwise)| Rule { cases: cases.leak(), otherwise });
        btree_map(0..160_u32, rule, 0..60).prop_map(|list| rules_of(Action::Notify, list))
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(64))]
        #[test]
        fn every_program_means_what_its_rules_say(rules in any_rules(), arguments in vec(0..5_u32, 200)) {
            let code = compiled(&rules, Action::Errno(1));
            for (number, arguments) in (0..620).zip(arguments.windows(3).cycle()) {
                let mut given = data(AUDIT_ARCH, number, 0);
                (given[4], given[6]) = (arguments[0], arguments[1]);
                prop_assert_eq!(run(&code, &given), ret(meaning(&rules, &given)).k);
            }
        }
    }
}
