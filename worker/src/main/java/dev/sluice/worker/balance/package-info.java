/**
 * Which peer comes next. A balancer sees {@link dev.sluice.worker.balance.Candidates}: weights,
 * loads and who can be used at all; it knows no peer, no connection and no clock.
 */
package dev.sluice.worker.balance;
