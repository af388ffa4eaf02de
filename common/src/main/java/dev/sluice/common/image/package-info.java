/** Trees of records as bytes, and back: how a worker gets what its master has already checked. */
package dev.sluice.common.image;
