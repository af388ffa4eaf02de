/**
 * Variables and the texts they stand in: templates of headers, redirects and bodies, and the
 * formats of access logs. Compiled at boot into arrays; a text is written without allocation.
 */
package dev.sluice.worker.variables;
