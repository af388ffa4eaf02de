/**
 * For tests of modules, in three ways:
 *
 * <ul>
 * <li>{@link dev.sluice.module.testkit.InMemorySluice} calls a module's hooks in the order of a
 *     worker, in one thread and without any socket: for the tests of what a module decides;
 * <li>{@link dev.sluice.module.testkit.RealSluice} runs a distribution with the module's jar: for
 *     the few tests of whether it works;
 * <li>{@link dev.sluice.module.testkit.ModuleContract} looks at a finished jar: what every module
 *     has to keep to.
 * </ul>
 *
 * <p>What the kit lends to hooks dies with each call, sooner than in a worker, so that a module
 * that keeps it is found out. It needs no test framework.
 */
package dev.sluice.module.testkit;
