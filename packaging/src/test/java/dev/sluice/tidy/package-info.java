/**
 * The rules of the house that a machine can hold: directions of dependencies, and the looks of
 * sources. What fails here says what to do instead.
 */
package dev.sluice.tidy;
