/**
 * Drop-in modules: their class loaders, opening them, and trying them out for {@code sluice -t}.
 * What they do to requests is the business of a worker.
 */
package dev.sluice.common.module;
