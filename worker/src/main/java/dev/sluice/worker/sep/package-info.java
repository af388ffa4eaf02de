/** What a proxy can tell of the resources of IEEE 2030.5 that pass it, without reading them. */
package dev.sluice.worker.sep;
