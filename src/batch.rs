//! Many sources in parallel: a stream of reports in the order of the input, on a pool of its own.
//!
//! Memory stays bounded whatever the number of inputs: workers stop taking new ones while too many
//! reports wait for an earlier one.

use std::collections::BTreeMap;
use std::ops::ControlFlow;
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError, mpsc};
use std::time::{Duration, Instant};

use crate::checker::Checker;

/// A worker takes more inputs at a time as long as it is through with them in less than this; there
/// is then less to do for each. Their results come together, and are not to come late.
const BRIEF: Duration = Duration::from_millis(2);
/// After so long, a worker hands over the results it has, and leaves the rest to whoever is free.
const LONG: Duration = Duration::from_millis(20);
/// Inputs that a worker takes at a time at most.
const LARGEST_CHUNK: usize = 512;
/// Inputs under way or waiting for an earlier one, for each worker.
const WINDOW_PER_JOB: u64 = 1024;

/// Checks many inputs in parallel. It makes its own threads and never uses the global pool.
#[derive(Clone, Debug)]
pub struct Batch {
    checker: Checker,
    jobs: usize,
    ordered: bool,
    singly: bool,
}

/// Consecutive inputs with the number of the first.
type Chunk<T> = (u64, Vec<T>);

/// The inputs that are left. A worker may wait long for the next one, holding the lock.
struct Queue<I> {
    items: std::iter::Fuse<I>,
    taken: u64,
}

/// How far the output is, so that workers don't get too far ahead of it. It is apart from the queue,
/// so that results are handed out while a worker waits for the next input.
struct Progress<T> {
    state: Mutex<State<T>>,
    moved: Condvar,
}

struct State<T> {
    emitted: u64,
    /// What workers took and did not get through in time, by the number of the first.
    given_back: BTreeMap<u64, std::vec::IntoIter<T>>,
    /// No more results are wanted.
    ended: bool,
}

/// A caller's function that panics ends the batch: what it had taken never comes, and nobody may
/// wait for it.
struct EndOnPanic<'p, T>(&'p Progress<T>);

impl<T> Drop for EndOnPanic<'_, T> {
    fn drop(&mut self) {
        if std::thread::panicking() {
            self.0.end();
        }
    }
}

/// What a worker may do next.
enum Turn<T> {
    TakeNew,
    TakeBack(u64, T),
    Stop,
}

impl<T> Progress<T> {
    fn new() -> Self {
        let state = State { emitted: 0, given_back: BTreeMap::new(), ended: false };
        Self { state: Mutex::new(state), moved: Condvar::new() }
    }

    /// Waits until fewer than `window` of the inputs before `taken` are under way, or one is given
    /// back.
    fn wait(&self, taken: u64, window: u64) -> Turn<T> {
        let mut state = lock(&self.state);
        loop {
            if state.ended {
                return Turn::Stop;
            }
            if let Some((first, mut rest)) = state.given_back.pop_first()
                && let Some(item) = rest.next()
            {
                // One at a time, as they are likely to be slow as well.
                if rest.len() > 0 {
                    state.given_back.insert(after(first, 1), rest);
                }
                return Turn::TakeBack(first, item);
            }
            if taken.saturating_sub(state.emitted) < window {
                return Turn::TakeNew;
            }
            state = self.moved.wait(state).unwrap_or_else(PoisonError::into_inner);
        }
    }

    fn advance(&self, to: u64) {
        lock(&self.state).emitted = to;
        self.moved.notify_all();
    }

    fn give_back(&self, first: u64, rest: std::vec::IntoIter<T>) {
        lock(&self.state).given_back.insert(first, rest);
        self.moved.notify_all();
    }

    /// Tells the workers that no more results are wanted.
    fn end(&self) {
        lock(&self.state).ended = true;
        self.moved.notify_all();
    }
}

impl Batch {
    /// A batch with one worker for each processor.
    pub fn new(checker: Checker) -> Self {
        Self { checker, jobs: 0, ordered: true, singly: false }
    }

    /// The number of workers; 0 for one for each processor.
    #[must_use]
    pub fn jobs(mut self, jobs: usize) -> Self {
        self.jobs = jobs;
        self
    }

    /// Hands out each report as soon as it is there, not in the order of the input.
    #[must_use]
    pub fn unordered(mut self) -> Self {
        self.ordered = false;
        self
    }

    /// Takes inputs one at a time, for those that come slowly: none waits for the next ones. Otherwise
    /// workers take several together where that is a matter of milliseconds.
    #[must_use]
    pub fn singly(mut self) -> Self {
        self.singly = true;
        self
    }

    /// Takes each of `items` to a report, or to whatever `check` makes of it, on some worker, and hands
    /// the results to `each` on the calling thread. The batch ends early when `each` breaks; what is under way is then
    /// finished and dropped. To cut short a single long check, give the checker's budget a cancel
    /// flag.
    ///
    /// ```
    /// use ais_preflight::{Checker, batch::Batch};
    /// use std::ops::ControlFlow;
    ///
    /// let files: [&[u8]; 2] = [b"GIF89a", b""];
    /// let mut verdicts = Vec::new();
    /// Batch::new(Checker::new()).run(files, |checker, file| checker.check_bytes(file), |report| {
    ///     verdicts.push(report.verdict);
    ///     ControlFlow::Continue(())
    /// });
    /// assert_eq!(verdicts.len(), 2);
    /// ```
    pub fn run<I, T, R>(
        &self,
        items: I,
        check: impl Fn(&Checker, T) -> R + Sync,
        mut each: impl FnMut(R) -> ControlFlow<()>,
    ) where
        I: IntoIterator<Item = T, IntoIter: Send>,
        T: Send,
        R: Send,
    {
        self.run_with_pauses(items, check, |result| result.map_or(ControlFlow::Continue(()), &mut each));
    }

    /// As [`Batch::run`], but `each` is called with `None` as well whenever no result is at hand: time
    /// to hand on what was held back.
    pub fn run_with_pauses<I, T, R>(
        &self,
        items: I,
        check: impl Fn(&Checker, T) -> R + Sync,
        mut each: impl FnMut(Option<R>) -> ControlFlow<()>,
    ) where
        I: IntoIterator<Item = T, IntoIter: Send>,
        T: Send,
        R: Send,
    {
        let items = items.into_iter().fuse();
        // Where there are no threads, there is still this one.
        let Ok(pool) = rayon::ThreadPoolBuilder::new().num_threads(self.jobs).build() else {
            for item in items {
                if each(Some(check(&self.checker, item))).is_break() {
                    return;
                }
            }
            return;
        };
        let jobs = pool.current_num_threads();
        let window = WINDOW_PER_JOB.saturating_mul(crate::bytes::len64(jobs));
        let queue = Mutex::new(Queue { items, taken: 0 });
        let progress = Progress::new();
        let largest = if self.singly { 1 } else { LARGEST_CHUNK };
        let (sender, results) = mpsc::channel::<Chunk<R>>();
        pool.in_place_scope(|scope| {
            for _ in 0..jobs {
                let sender = sender.clone();
                let (queue, progress, check, checker) = (&queue, &progress, &check, &self.checker);
                scope.spawn(move |_| {
                    let _end = EndOnPanic(progress);
                    let mut size = 1_usize;
                    while let Some((first, chunk)) = take(queue, progress, window, size) {
                        let (started, count) = (Instant::now(), chunk.len());
                        let mut left = chunk.into_iter();
                        let mut reports = Vec::with_capacity(count);
                        for item in left.by_ref() {
                            reports.push(check(checker, item));
                            if started.elapsed() > LONG {
                                break;
                            }
                        }
                        let done = reports.len();
                        if left.len() > 0 {
                            progress.give_back(after(first, done), left);
                            size = done;
                        } else if started.elapsed() < BRIEF {
                            size = count.saturating_mul(2).min(largest);
                        }
                        if sender.send((first, reports)).is_err() {
                            return;
                        }
                    }
                });
            }
            drop(sender);
            let mut early = BTreeMap::new();
            let mut next = 0_u64;
            loop {
                let (first, reports) = match results.try_recv() {
                    Ok(chunk) => chunk,
                    Err(mpsc::TryRecvError::Disconnected) => return,
                    Err(mpsc::TryRecvError::Empty) => {
                        let wanted = each(None).is_continue();
                        match results.recv() {
                            Ok(chunk) if wanted => chunk,
                            _ => {
                                progress.end();
                                return;
                            }
                        }
                    }
                };
                early.insert(if self.ordered { first } else { next }, reports);
                let before = next;
                while let Some(reports) = early.remove(&next) {
                    next = after(next, reports.len());
                    if reports.into_iter().any(|report| each(Some(report)).is_break()) {
                        progress.end();
                        return;
                    }
                }
                if next > before {
                    progress.advance(next);
                }
            }
        });
    }
}

/// The next inputs, `size` of them if they are new, or `None` when there are no more.
fn take<I: Iterator>(
    queue: &Mutex<Queue<I>>,
    progress: &Progress<I::Item>,
    window: u64,
    size: usize,
) -> Option<Chunk<I::Item>> {
    let mut queue = lock(queue);
    match progress.wait(queue.taken, window) {
        Turn::Stop => None,
        Turn::TakeBack(number, item) => Some((number, vec![item])),
        Turn::TakeNew => {
            let chunk: Vec<_> = queue.items.by_ref().take(size).collect();
            if chunk.is_empty() {
                // The others may still give some back.
                return match progress.wait(queue.taken, 1) {
                    Turn::TakeBack(number, item) => Some((number, vec![item])),
                    Turn::TakeNew | Turn::Stop => None,
                };
            }
            let first = queue.taken;
            queue.taken = after(first, chunk.len());
            Some((first, chunk))
        }
    }
}

fn after(first: u64, count: usize) -> u64 {
    first.saturating_add(crate::bytes::len64(count))
}

/// A panic in the caller's iterator leaves nothing half-done here, so the lock stays usable.
fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::Report;
    use std::time::Duration;

    fn named(checker: &Checker, number: usize) -> Report {
        if number.is_multiple_of(97) {
            std::thread::sleep(Duration::from_millis(2));
        }
        checker.check_named(&&b"x"[..], Some(std::path::Path::new(&number.to_string())))
    }

    #[test]
    fn reports_come_in_the_order_of_the_input_and_all_of_them() {
        for jobs in [1, 3] {
            let mut seen = Vec::new();
            Batch::new(Checker::new()).jobs(jobs).run(0..5000_usize, named, |report| {
                seen.push(report.path.unwrap().parse::<usize>().unwrap());
                ControlFlow::Continue(())
            });
            assert_eq!(seen, (0..5000).collect::<Vec<_>>());
        }
        let mut seen = Vec::new();
        Batch::new(Checker::new()).jobs(3).unordered().run(0..5000_usize, named, |report| {
            seen.push(report.path.unwrap().parse::<usize>().unwrap());
            ControlFlow::Continue(())
        });
        seen.sort_unstable();
        assert_eq!(seen, (0..5000).collect::<Vec<_>>());
    }

    #[test]
    fn an_input_that_comes_slowly_waits_for_no_other() {
        let (sender, items) = mpsc::channel();
        sender.send(0).unwrap();
        let mut sender = Some(sender);
        let mut seen = 0;
        Batch::new(Checker::new()).jobs(2).singly().run(items, named, |_| {
            seen += 1;
            // Each is sent only when the one before it is there.
            if seen == 500 {
                sender = None;
            } else if let Some(sender) = &sender {
                sender.send(seen).unwrap();
            }
            ControlFlow::Continue(())
        });
        assert_eq!(seen, 500);
    }

    #[test]
    fn slow_ones_among_fast_ones_are_shared_out() {
        use std::sync::atomic::{AtomicUsize, Ordering};
        for ordered in [true, false] {
            let (at_once, most) = (AtomicUsize::new(0), AtomicUsize::new(0));
            // They come last, and one worker could have taken all of them at once.
            let check = |_: &Checker, number: usize| {
                if number >= 5000 {
                    most.fetch_max(at_once.fetch_add(1, Ordering::SeqCst) + 1, Ordering::SeqCst);
                    std::thread::sleep(Duration::from_millis(10));
                    at_once.fetch_sub(1, Ordering::SeqCst);
                }
                number
            };
            let mut batch = Batch::new(Checker::new()).jobs(4);
            batch.ordered = ordered;
            let mut seen = Vec::new();
            batch.run(0..5080, check, |number| {
                seen.push(number);
                ControlFlow::Continue(())
            });
            seen.sort_unstable();
            assert_eq!(seen, (0..5080).collect::<Vec<_>>());
            assert_eq!(most.into_inner(), 4);
        }
    }

    #[test]
    #[should_panic(expected = "the caller's own")]
    fn a_panic_of_the_caller_ends_the_batch() {
        let check = |_: &Checker, number: usize| {
            assert!(number != 3000, "the caller's own");
            number
        };
        Batch::new(Checker::new()).jobs(3).run(0.., check, |_| ControlFlow::Continue(()));
    }

    #[test]
    fn an_endless_input_ends_when_the_caller_has_enough() {
        let mut seen = 0;
        Batch::new(Checker::new()).jobs(2).run(0.., named, |_| {
            seen += 1;
            if seen == 100 { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
        });
        assert_eq!(seen, 100);
    }
}
