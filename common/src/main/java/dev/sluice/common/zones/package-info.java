/**
 * State that all workers share and that outlives each of them: mapped files of 64-bit words, made
 * by the master for a configuration and kept for the next one that asks for the same.
 */
package dev.sluice.common.zones;
