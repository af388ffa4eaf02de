/** For tests of modules. */
package dev.sluice.module.testkit;
