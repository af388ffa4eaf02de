/**
 * The change of the program without closing a socket: the old master's side ({@link
 * dev.sluice.master.upgrade.Upgrade}), the new one's ({@link
 * dev.sluice.master.upgrade.Predecessor}), and the line between them.
 */
package dev.sluice.master.upgrade;
