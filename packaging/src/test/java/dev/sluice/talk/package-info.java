/**
 * Conversations with the assembled distribution: real processes, real sockets, real signals. A
 * test says what a client sends, what an upstream answers, and what both must see; one behaviour a
 * class.
 *
 * <p>{@link dev.sluice.talk.RunningSluice} is the server under test, {@link
 * dev.sluice.talk.RawClient} a client that can send any bytes, {@link
 * dev.sluice.talk.ScriptedUpstream} a peer that misbehaves on demand. Nothing here sleeps: {@link
 * dev.sluice.talk.Await} waits for a condition and fails at a deadline.
 */
package dev.sluice.talk;
