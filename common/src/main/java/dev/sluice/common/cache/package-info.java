/**
 * What a cache keeps on disk, as all processes see it: an index that is mapped by each of them, and
 * one file for each answer.
 */
package dev.sluice.common.cache;
