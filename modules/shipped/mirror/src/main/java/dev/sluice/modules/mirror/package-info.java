/** Copies of requests for another place. */
package dev.sluice.modules.mirror;
