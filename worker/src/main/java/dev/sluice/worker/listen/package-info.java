/** Listening sockets of a worker: inherited or adopted, polled, paused under load. */
package dev.sluice.worker.listen;
