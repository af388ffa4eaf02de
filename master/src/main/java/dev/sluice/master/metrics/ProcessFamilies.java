package dev.sluice.master.metrics;

import dev.sluice.common.counters.CounterId;
import dev.sluice.common.counters.CounterKind;
import dev.sluice.common.counters.CounterValues;
import io.prometheus.metrics.model.snapshots.Labels;

/**
 * What there is to say of each worker's process, by the kernel and by its own counters. Each is a
 * series of its own: the time of a worker's successor begins anew. Stateless.
 */
final class ProcessFamilies {

    private static final double TICKS_PER_SECOND = 100;
    private static final double NS_PER_SECOND = 1e9;

    private ProcessFamilies() {
    }

    /** @param values its counters; null when they have not been read */
    static void add(Families families, WorkerProcessFacts facts, CounterValues values) {
        Labels labels = Labels.of("worker", Integer.toString(facts.slot()), "generation",
                Long.toString(facts.generation()), "pid", Long.toString(facts.pid()));
        if (facts.residentBytes() >= 0) {
            families.add(CounterKind.LEVEL, "sluice_worker_resident_bytes",
                    "Memory of a worker in RAM, pages that it shares with others included.",
                    labels, facts.residentBytes());
        }
        if (facts.descriptors() >= 0) {
            families.add(CounterKind.LEVEL, "sluice_worker_open_descriptors",
                    "Open files and sockets of a worker; without end: something leaks.",
                    labels, facts.descriptors());
        }
        if (facts.cpuTicks() >= 0) {
            families.add(CounterKind.TOTAL, "sluice_worker_cpu_seconds_total",
                    "User and system time of a worker; one second a second is a whole CPU.",
                    labels, facts.cpuTicks() / TICKS_PER_SECOND);
        }
        if (facts.pausedNs() >= 0) {
            families.add(CounterKind.TOTAL, "sluice_worker_gc_pause_seconds_total",
                    "How long a worker stood still to collect garbage (serial collector).",
                    labels, facts.pausedNs() / NS_PER_SECOND);
        }
        if (values != null) {
            addCounters(families, labels, values);
        }
    }

    private static void addCounters(Families families, Labels labels, CounterValues values) {
        families.add(CounterKind.TOTAL, "sluice_worker_loop_late_seconds_total",
                "By how much a worker's event loop came back late, added up; long pauses show.",
                labels, values.loopLag().sumSeconds());
        families.add(CounterKind.LEVEL, "sluice_worker_slabs_in_use",
                "64 KiB slabs that a worker has lent out.", labels,
                values.value(CounterId.SLABS_IN_USE));
        families.add(CounterKind.LEVEL, "sluice_worker_slabs_max",
                "Slabs that a worker may lend; near it requests are turned away.", labels,
                values.value(CounterId.SLABS_MAX));
        families.add(CounterKind.LEVEL, "sluice_worker_connections_active",
                "Client connections of a worker; uneven ones suggest few long-lived clients.",
                labels, values.value(CounterId.CONNECTIONS_ACTIVE));
        families.add(CounterKind.LEVEL, "sluice_worker_requests_active",
                "Requests in progress in a worker.", labels,
                values.value(CounterId.REQUESTS_ACTIVE));
    }
}
