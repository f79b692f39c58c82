#ifndef CARPUS_POOL_H
#define CARPUS_POOL_H
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Threads that share the tasks of one run after another. */
typedef struct ck_pool ck_pool;
typedef void ck_task(void *context, ptrdiff_t task, ptrdiff_t worker);

/* For so many workers, the caller of ck_pool_run among them; the threads begin with the first run. NULL when there is no memory. */
ck_pool *ck_pool_create(int workers);
/* No run may be under way. */
void ck_pool_destroy(ck_pool *pool);
/* Runs every task once, and returns when all have ended. The caller is worker 0; while another run is under way it does all by itself. */
void ck_pool_run(ck_pool *pool, ptrdiff_t tasks, ck_task *task, void *context);

#endif
