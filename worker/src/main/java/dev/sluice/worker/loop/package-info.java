/**
 * The one event loop of a worker: edge-triggered handles on Netty's epoll, a timing wheel, and the
 * end-of-turn queue in which writes are gathered. A leaf of the worker.
 */
package dev.sluice.worker.loop;
