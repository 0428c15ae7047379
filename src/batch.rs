//! Many sources in parallel: a stream of reports in the order of the input, on a pool of its own.
//!
//! Memory stays bounded whatever the number of inputs: workers stop taking new ones while too many
//! reports wait for an earlier one.

use std::collections::BTreeMap;
use std::ops::ControlFlow;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError, mpsc};

use crate::checker::Checker;

/// Inputs that a worker takes at a time. Results of a chunk come together, and the first should come
/// soon; later on there is less to do for each input if chunks are larger.
const CHUNKS: [(u64, usize); 4] = [(64, 1), (4096, 8), (65536, 32), (u64::MAX, 128)];
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

/// The inputs that are left. A worker may wait long for the next one, holding the lock.
struct Queue<I> {
    items: std::iter::Fuse<I>,
    taken: u64,
    singly: bool,
}

/// How far the output is, so that workers don't get too far ahead of it. It is apart from the queue,
/// so that results are handed out while a worker waits for the next input.
#[derive(Default)]
struct Progress {
    emitted: Mutex<u64>,
    moved: Condvar,
    stop: AtomicBool,
}

impl Progress {
    /// Waits until fewer than `window` of the inputs before `taken` are under way; `false` when no
    /// more are wanted.
    fn wait(&self, taken: u64, window: u64) -> bool {
        let mut emitted = lock(&self.emitted);
        while taken.saturating_sub(*emitted) >= window && !self.is_ended() {
            emitted = self.moved.wait(emitted).unwrap_or_else(PoisonError::into_inner);
        }
        !self.is_ended()
    }

    fn advance(&self, to: u64) {
        *lock(&self.emitted) = to;
        self.moved.notify_all();
    }

    /// Tells the workers that no more results are wanted.
    fn end(&self) {
        // Under the lock, so that no worker misses the call between look and wait.
        let _emitted = lock(&self.emitted);
        self.stop.store(true, Ordering::Relaxed);
        self.moved.notify_all();
    }

    fn is_ended(&self) -> bool {
        self.stop.load(Ordering::Relaxed)
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
    /// workers take several together once there were many.
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
        let queue = Mutex::new(Queue { items, taken: 0, singly: self.singly });
        let progress = Progress::default();
        let (sender, results) = mpsc::channel::<(u64, Vec<R>)>();
        pool.in_place_scope(|scope| {
            for _ in 0..jobs {
                let sender = sender.clone();
                let (queue, progress, check, checker) = (&queue, &progress, &check, &self.checker);
                scope.spawn(move |_| {
                    while let Some((first, chunk)) = take(queue, progress, window) {
                        let reports = chunk.into_iter().map(|item| check(checker, item)).collect();
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
                    next = next.saturating_add(crate::bytes::len64(reports.len()));
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

/// The next inputs with the number of the first, or `None` when there are no more.
fn take<I: Iterator>(queue: &Mutex<Queue<I>>, progress: &Progress, window: u64) -> Option<(u64, Vec<I::Item>)> {
    let mut queue = lock(queue);
    if !progress.wait(queue.taken, window) {
        return None;
    }
    let first = queue.taken;
    let size = CHUNKS.iter().find(|(below, _)| first < *below && !queue.singly).map_or(1, |(_, size)| *size);
    let chunk: Vec<_> = queue.items.by_ref().take(size).collect();
    queue.taken = first.saturating_add(crate::bytes::len64(chunk.len()));
    (!chunk.is_empty()).then_some((first, chunk))
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
    fn an_endless_input_ends_when_the_caller_has_enough() {
        let mut seen = 0;
        Batch::new(Checker::new()).jobs(2).run(0.., named, |_| {
            seen += 1;
            if seen == 100 { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
        });
        assert_eq!(seen, 100);
    }
}
