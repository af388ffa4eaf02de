/**
 * Drop-in modules in the way of a request: their hooks as gates, as rules for heads and as logs,
 * and what becomes of a request when one of them fails.
 */
package dev.sluice.worker.module;
