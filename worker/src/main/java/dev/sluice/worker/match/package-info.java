/**
 * Questions about bytes that are asked of every request and whose cost does not grow with what the
 * bytes are: does an expression match them, which of many texts or networks are they. Compiled at
 * boot.
 */
package dev.sluice.worker.match;
