/**
 * Who may come to a location: by address, by the word of a peer, by what modules ask for. Each is
 * an {@code AccessCheck}; the checks of a location are one gate, where {@code satisfy} says whether
 * all of them must agree or any.
 */
package dev.sluice.worker.access;
