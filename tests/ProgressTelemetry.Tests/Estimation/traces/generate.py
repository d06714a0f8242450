#!/usr/bin/env python3
"""Makes the traces beside it: runs of two invented workflows, their tasks' durations drawn with a fixed seed, their starts from a simulated pool of workers.

Standard library only. The traces are kept, so that nothing has to run this; it tells how they came about.
"""
import csv, heapq, os, random

# Workflow: stages as (name, tasks per unit of size, median seconds, spread); a stage begins when the one before is done.
CATALOG = [('fetch', 4, 3.0, .3), ('parse', 6, 1.2, .5), ('enrich', 10, 6.0, .8), ('index', 1, 40.0, .2), ('publish', 1, 2.0, .2)]
RELEASE = [('checkout', .25, 8.0, .1), ('build', 2, 45.0, .4), ('test', 12, 5.0, 1.2), ('package', .5, 20.0, .2)]
RUNS = [('catalog-a', CATALOG, 3, 4, 0.0, 11), ('catalog-b', CATALOG, 5, 4, 0.0, 12), ('catalog-c', CATALOG, 4, 2, 0.8, 13),
        ('release-a', RELEASE, 4, 6, 0.5, 21), ('release-b', RELEASE, 4, 3, 0.5, 22)]


def run(stages, size, workers, launch_delay, seed):
    draw, events, task, free = random.Random(seed), [], 0, [0.0] * workers
    ready = 0.0
    for name, per_size, median, spread in stages:
        ends = []
        for _ in range(max(1, round(per_size * size))):
            begin = max(heapq.heappop(free), ready) + launch_delay
            end = begin + draw.lognormvariate(0, spread) * median
            heapq.heappush(free, end)
            events += [(round(begin, 3), 1, task, name), (round(end, 3), 0, task, name)]
            ends.append(end)
            task += 1
        ready = max(ends)
    return sorted(events)        # at one moment, completions before starts


for name, *how in RUNS:
    with open(os.path.join(os.path.dirname(os.path.abspath(__file__)), name + '.csv'), 'w', newline='') as f:
        w = csv.writer(f, lineterminator='\n')
        w.writerow(['t', 'event', 'task', 'stage'])
        for t, starts, task, stage in run(*how):
            w.writerow([f'{t:.3f}', 'start' if starts else 'complete', task, stage])
