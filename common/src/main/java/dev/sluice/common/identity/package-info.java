/** Who a certificate says that its owner is. Pure functions; nothing of ours is used. */
package dev.sluice.common.identity;
