/* Threads that wait for work near the processor: kernels follow each other within microseconds, so a thread spins for a moment before it
   sleeps. A thread that comes too late to a run takes no part in it, and nobody waits for it.

   Tasks are dealt out in as many ranges as there are workers. A worker does its own range first, whose neighbours share data and are where
   it worked in the kernel before; then it helps with the others'. */
#include "carpus_kernels.h"
#include "carpus_pool.h"
#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

/* How long a thread without work spins. */
#define SPIN_NANOSECONDS 100000

/* The state is one number: which run, whether more threads may join it, and how many are in it besides the caller. */
#define RUN ((uint64_t)1 << 32)
#define OPEN ((uint64_t)1 << 31)
#define ACTIVE(state) ((state) & (OPEN - 1))

/* Of a worker: the next of its tasks that nobody has taken, alone in its line of the cache. */
typedef struct {
  _Alignas(64) _Atomic ptrdiff_t next;
} range;

struct ck_pool {
  _Atomic uint64_t state;
  range *ranges;
  _Atomic bool busy;
  _Atomic int sleepers;
  _Atomic bool caller_sleeps, ends;
  ptrdiff_t tasks;
  ck_task *task;
  void *context;
  pthread_mutex_t mutex;
  pthread_cond_t work, done;
  bool started, spins;
  int workers, helpers;
  pthread_t *threads;
};

typedef struct {
  ck_pool *pool;
  ptrdiff_t worker;
} helper;

static void relax(void) {
#if defined(__x86_64__)
  __builtin_ia32_pause();
#elif defined(__aarch64__)
  __asm__ volatile("yield");
#endif
}

static int64_t now(void) {
  struct timespec time;
  clock_gettime(CLOCK_MONOTONIC, &time);
  return (int64_t)time.tv_sec * 1000000000 + time.tv_nsec;
}

static ptrdiff_t range_start(const ck_pool *pool, ptrdiff_t worker) {
  return pool->tasks / pool->workers * worker + pool->tasks % pool->workers * worker / pool->workers;
}

static void take_tasks(ck_pool *pool, ptrdiff_t worker) {
  for (ptrdiff_t i = 0; i < pool->workers; i++) {
    const ptrdiff_t owner = (worker + i) % pool->workers, end = range_start(pool, owner + 1);
    _Atomic ptrdiff_t *next = &pool->ranges[owner].next;
    while (atomic_load_explicit(next, memory_order_relaxed) < end) {
      const ptrdiff_t task = atomic_fetch_add_explicit(next, 1, memory_order_relaxed);
      if (task < end) pool->task(pool->context, task, worker);
    }
  }
}

/* Whether there is something new for a helper that has seen the run `seen`. */
static bool has_news(ck_pool *pool, uint64_t seen) {
  const uint64_t state = atomic_load(&pool->state);
  return (state / RUN != seen && (state & OPEN)) || atomic_load(&pool->ends);
}

static void wait_for_news(ck_pool *pool, uint64_t seen) {
  if (pool->spins)
    for (const int64_t end = now() + SPIN_NANOSECONDS; now() < end;)
      for (int i = 0; i < 16; i++) {
        if (has_news(pool, seen)) return;
        relax();
      }
  pthread_mutex_lock(&pool->mutex);
  atomic_fetch_add(&pool->sleepers, 1);
  while (!has_news(pool, seen)) pthread_cond_wait(&pool->work, &pool->mutex);
  atomic_fetch_sub(&pool->sleepers, 1);
  pthread_mutex_unlock(&pool->mutex);
}

static void *help(void *argument) {
  const helper self = *(helper *)argument;
  free(argument);
  ck_pool *pool = self.pool;
  uint64_t seen = 0;
  for (;;) {
    wait_for_news(pool, seen);
    if (atomic_load(&pool->ends)) return NULL;
    uint64_t state = atomic_load(&pool->state);
    seen = state / RUN;
    while ((state & OPEN) && state / RUN == seen)
      if (atomic_compare_exchange_weak(&pool->state, &state, state + 1)) {
        take_tasks(pool, self.worker);
        if (atomic_fetch_sub(&pool->state, 1) - 1 == seen * RUN && atomic_load(&pool->caller_sleeps)) {
          pthread_mutex_lock(&pool->mutex);
          pthread_cond_signal(&pool->done);
          pthread_mutex_unlock(&pool->mutex);
        }
        break;
      }
  }
}

/* Threads without signals: those are for the program's own. */
static void start(ck_pool *pool) {
  sigset_t all, old;
  sigfillset(&all);
  pthread_sigmask(SIG_SETMASK, &all, &old);
  for (; pool->helpers < pool->workers - 1; pool->helpers++) {
    helper *argument = malloc(sizeof *argument);
    if (!argument) break;
    *argument = (helper){pool, pool->helpers + 1};
    if (pthread_create(&pool->threads[pool->helpers], NULL, help, argument) != 0) {
      free(argument);
      break;
    }
  }
  pthread_sigmask(SIG_SETMASK, &old, NULL);
}

ck_pool *ck_pool_create(int workers) {
  ck_pool *pool = calloc(1, sizeof *pool);
  if (!pool) return NULL;
  pool->threads = calloc((size_t)workers, sizeof *pool->threads);
  pool->ranges = ck_allocate((size_t)workers * sizeof *pool->ranges);
  if (!pool->threads || !pool->ranges || pthread_mutex_init(&pool->mutex, NULL) != 0) {
    ck_free(pool->ranges);
    free(pool->threads);
    free(pool);
    return NULL;
  }
  pthread_cond_init(&pool->work, NULL);
  pthread_cond_init(&pool->done, NULL);
  pool->workers = workers;
  pool->spins = workers <= sysconf(_SC_NPROCESSORS_ONLN);
  return pool;
}

void ck_pool_destroy(ck_pool *pool) {
  pthread_mutex_lock(&pool->mutex);
  atomic_store(&pool->ends, true);
  pthread_cond_broadcast(&pool->work);
  pthread_mutex_unlock(&pool->mutex);
  for (int i = 0; i < pool->helpers; i++) pthread_join(pool->threads[i], NULL);
  pthread_cond_destroy(&pool->done);
  pthread_cond_destroy(&pool->work);
  pthread_mutex_destroy(&pool->mutex);
  ck_free(pool->ranges);
  free(pool->threads);
  free(pool);
}

void ck_pool_run(ck_pool *pool, ptrdiff_t tasks, ck_task *task, void *context) {
  if (tasks <= 1 || atomic_exchange(&pool->busy, true)) {
    for (ptrdiff_t i = 0; i < tasks; i++) task(context, i, 0);
    return;
  }
  if (!pool->started) {
    pool->started = true;
    start(pool);
  }
  pool->tasks = tasks;
  pool->task = task;
  pool->context = context;
  for (ptrdiff_t worker = 0; worker < pool->workers; worker++)
    atomic_store_explicit(&pool->ranges[worker].next, range_start(pool, worker), memory_order_relaxed);
  const uint64_t run = atomic_load(&pool->state) / RUN + 1;
  atomic_store(&pool->state, run * RUN | OPEN);
  if (atomic_load(&pool->sleepers) > 0) {
    pthread_mutex_lock(&pool->mutex);
    pthread_cond_broadcast(&pool->work);
    pthread_mutex_unlock(&pool->mutex);
  }
  take_tasks(pool, 0);
  if (ACTIVE(atomic_fetch_and(&pool->state, ~OPEN)) > 0) {
    if (pool->spins)
      for (const int64_t end = now() + SPIN_NANOSECONDS; ACTIVE(atomic_load(&pool->state)) > 0 && now() < end;) relax();
    if (ACTIVE(atomic_load(&pool->state)) > 0) {
      pthread_mutex_lock(&pool->mutex);
      atomic_store(&pool->caller_sleeps, true);
      while (ACTIVE(atomic_load(&pool->state)) > 0) pthread_cond_wait(&pool->done, &pool->mutex);
      atomic_store(&pool->caller_sleeps, false);
      pthread_mutex_unlock(&pool->mutex);
    }
  }
  atomic_store(&pool->busy, false);
}
