import Logging
public import ServiceLifecycle
import Strata

extension TieredHash: Service {
    /// Keeps the first tier coherent and tidy, until the task is cancelled or a graceful shutdown begins; then writes what is queued.
    ///
    /// To be run once. Without it everything works, but nothing is heard of what others change: entries are suspect from the
    /// moment they were read.
    ///
    /// - Throws: `CancellationError`, when it was cancelled.
    public func run() async throws {
        await cancelWhenGracefulShutdown { await self.serve() }
        await shutDown()
        if !Task.isShuttingDownGracefully { try Task.checkCancellation() }
    }

    /// Does what `run` does, without an ear for graceful shutdowns, which would start tasks on an executor of its own.
    package func runUntilCancelled() async {
        await serve()
        await shutDown()
    }

    private func serve() async {
        await withTaskGroup(of: Void.self) { group in
            group.addTask { await self.observe() }
            group.addTask { await self.keepTidy() }
            group.addTask { await self.revalidateOnRequest() }
            group.addTask { await self.reportMetrics() }
            await group.waitForAll()
        }
    }

    /// Writes what is queued, and waits for the tasks under way, for as long as the configuration allows.
    private func shutDown() async {
        // In a task of its own, because the calling one may be cancelled.
        let end = Signal<Bool>()
        tasks.start {
            let deadline = self.clock.now().advanced(by: self.configuration.shutdownTimeout)
            end.send(await self.queue.flush(until: deadline))
        }
        guard await end.outcomeDespiteCancellation() else {
            return logger.error(
                "writes are lost: the second tier didn't take them in time",
                metadata: ["cache": "\(configuration.name)", "keys": "\(queue.count)"])
        }
    }

    private func observe() async {
        startSelfTest()
        while !Task.isCancelled {
            do throws(RemoteStoreError) {
                try await remote.observeInvalidations(prefixes: configuration.prefixes) { self.receive($0) }
            } catch {
                if error.code == .unsupported { return giveUpTracking() }
                if !Task.isCancelled {
                    logger.warning(
                        "the observation of changes ended",
                        metadata: ["cache": "\(configuration.name)", "error": "\(error)"])
                }
            }
            for (shard, _) in epochs.all { epochs.update(shard) { $0.disconnect(now: clock.now()) } }
            guard (try? await clock.sleep(clock.now().advanced(by: .seconds(1)))) != nil else { return }
        }
    }

    private func giveUpTracking() {
        epochs.giveUpTracking()
        coherence.withLock { report in
            report.mode = .deadlinesOnly
            report.unproved = [:]
        }
        logger.warning(
            "the store reports no changes: what others change is seen after \(configuration.local.maximumLifetime) at the latest",
            metadata: ["cache": "\(configuration.name)"])
    }

    private func keepTidy() async {
        while (try? await clock.sleep(clock.now().advanced(by: configuration.maintenanceInterval))) != nil {
            local.store.performMaintenance(limit: 1000)
            checkCoherence()
        }
    }

    private func revalidateOnRequest() async {
        for await shard in revalidationRequests.stream { await revalidate(shard) }
    }

    private func reportMetrics() async {
        let metrics = TieredMetrics(name: configuration.name)
        while (try? await clock.sleep(clock.now().advanced(by: configuration.metricsInterval))) != nil {
            metrics.report(statistics)
        }
        metrics.report(statistics)
    }

    func describing(_ shard: ShardID) -> Logger.Metadata {
        ["cache": "\(configuration.name)", "shard": "\(shard.index)"]
    }
}
