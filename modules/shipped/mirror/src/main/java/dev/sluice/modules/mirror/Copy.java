package dev.sluice.modules.mirror;

/** A request to be sent. Immutable. @param head all of it, with the empty line */
record Copy(Destination to, String head) {
}
