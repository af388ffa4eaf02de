package dev.sluice.worker.variables;

/** A variable of a text, ready to be written. Written at boot, then read-only. */
record BoundVariable(VariableValue value, Kind kind) {

    /** What the bytes of a value can be. */
    enum Kind {
        /** Made here: digits, names and dates that need no escaping anywhere. */
        CLEAN,
        /** Sent by a client or a peer, or configured. */
        TEXT,
        /** A canonical path or a part of one: decoded, so it has to be encoded inside a URL. */
        PATH,
        /** The same, and where no path is wanted it is encoded as in one, so that it stays one. */
        SEGMENT
    }
}
