/** What an operator asks a running master for, over its command socket. */
package dev.sluice.master.command;
