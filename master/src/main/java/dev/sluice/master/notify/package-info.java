/** What the master tells the service manager that started it: sd_notify(3). */
package dev.sluice.master.notify;
