package dev.sluice.worker.exchange;

/** A number of bytes that may depend on the exchange, compiled at boot. */
public interface SizeValue {

    /** Allocates nothing; 0 when there is no such number. */
    long of(Exchange x);
}
