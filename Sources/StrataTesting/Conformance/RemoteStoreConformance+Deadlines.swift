import StrataTiering

extension RemoteStoreConformance {
    /// Deadlines of fields and keys.
    static let deadlineChecks: [Check] = [
        check("aFieldEndsAtItsDeadline") { subject in
            let soon = subject.deadline(.milliseconds(300))
            let late = subject.deadline(.seconds(60))
            try await subject.write(
                HashWrite(
                    setting: [
                        RemoteField(name: [97], content: .value([49]), deadline: soon),
                        RemoteField(name: [98], content: .value([50]), deadline: late),
                    ], keyLifetime: .atLeast(.seconds(60))))
            try subject.expect(try await subject.values("a", "b"), ["1", "2"], "the answer before")
            try await subject.sleep(.milliseconds(350))
            try subject.expect(try await subject.values("a", "b"), [nil, "2"], "the answer after")
            let names = try await subject.all().fields.filter { $0.value != nil }.map(\.name)
            try subject.expect(names, [[98]], "the fields left")
        },
        check("saysWhatIsLeftOfAField") { subject in
            let end = subject.deadline(.seconds(30))
            let field = RemoteField(name: [97], content: .value([49]), deadline: end)
            try await subject.write(HashWrite(setting: [field], keyLifetime: .atLeast(.seconds(60))))
            let hash = try await subject.store.read(subject.key, .fields([[97]]), deadline: subject.deadline())
            guard let found = hash.fields[0].deadline else {
                return try subject.expect(false, true, "having a deadline")
            }
            let difference = found.duration(to: end)
            try subject.expect(
                difference > .seconds(-1) && difference < .seconds(1), true, "being about the deadline that was set")
            let key = hash.deadline.map { subject.clock.now().duration(to: $0) } ?? .zero
            try subject.expect(
                key > .seconds(50) && key < .seconds(62), true, "the key's lifetime of 60 s, found as \(key),")
        },
        check("aKeyEndsAtItsDeadline") { subject in
            let field = RemoteField(name: [97], content: .value([49]))
            try await subject.write(HashWrite(setting: [field], keyLifetime: .set(.milliseconds(300))))
            try subject.expect(try await subject.values("a"), ["1"], "the answer before")
            try await subject.sleep(.milliseconds(350))
            try subject.expect(try await subject.values("a"), [nil], "the answer after")
            try subject.expect(try await subject.all().exists, false, "existence")
        },
        check("atLeastNeverShortens") { subject in
            try await subject.set(["a": "1"], lifetime: .seconds(100))
            try await subject.set(["b": "2"], lifetime: .seconds(10))
            let left = try await subject.all().deadline.map { subject.clock.now().duration(to: $0) } ?? .zero
            try subject.expect(left > .seconds(90), true, "a lifetime of more than 90 s, found as \(left),")
            try await subject.set(["b": "2"], lifetime: .seconds(200))
            let longer = try await subject.all().deadline.map { subject.clock.now().duration(to: $0) } ?? .zero
            try subject.expect(longer > .seconds(190), true, "a lifetime of more than 190 s, found as \(longer),")
        },
        check("settingAFieldAgainGivesItAnotherDeadline") { subject in
            for lifetime in [Duration.milliseconds(200), .seconds(60)] {
                let field = RemoteField(name: [97], content: .value([49]), deadline: subject.deadline(lifetime))
                try await subject.write(HashWrite(setting: [field], keyLifetime: .atLeast(.seconds(60))))
            }
            try await subject.sleep(.milliseconds(250))
            try subject.expect(try await subject.values("a"), ["1"], "the answer")
        },
    ]
}
