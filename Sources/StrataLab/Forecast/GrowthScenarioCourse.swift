import Foundation

/// The figure without noise of a ``GrowthScenario``, with parameters drawn at random.
struct GrowthScenarioCourse {
    /// Seconds that are simulated if the limit isn't reached before.
    private(set) var duration: Double
    /// What was drawn.
    private(set) var detail = ""
    /// Percent of the limit at a time in seconds.
    private(set) var value: (Double) -> Double = { _ in 0 }
    /// What comes on top for a moment.
    private(set) var churn: (inout SeededRandom) -> Double = { _ in 0 }

    private static let hour = 3600.0
    private static let day = 24 * 3600.0

    init(kind: GrowthKind, isPositive: Bool, random: inout SeededRandom) {
        duration = Self.day
        switch kind {
        case .linear: linear(isPositive, &random)
        case .exponential: exponential(isPositive, &random)
        case .saturating: saturating(isPositive, &random)
        case .step: step(isPositive, &random)
        case .stairs: stairs(isPositive, &random)
        case .wave: wave(isPositive, &random)
        case .sawtooth: sawtooth(isPositive, &random)
        case .leak: leak(isPositive, &random)
        case .flat: flat(&random)
        case .burst: burst(&random)
        case .jump: jump(&random)
        }
    }

    /// Where growth that starts somewhere ends: at the limit, or well below it.
    private mutating func end(_ isPositive: Bool, from start: Double, _ random: inout SeededRandom) -> Double {
        isPositive ? 100 : random.number(start + 2, 90)
    }

    private mutating func linear(_ isPositive: Bool, _ random: inout SeededRandom) {
        let start = random.number(10, 70)
        let time = random.number(6, 36) * Self.hour
        let slope = (end(isPositive, from: start, &random) - start) / time
        duration = isPositive ? time * 1.1 : time
        detail = "from \(start) at \(slope * 60)/min"
        value = { start + slope * $0 }
    }

    private mutating func exponential(_ isPositive: Bool, _ random: inout SeededRandom) {
        let start = random.number(5, 40)
        let time = random.number(6, 30) * Self.hour
        let rate = log(end(isPositive, from: start, &random) / start) / time
        duration = isPositive ? time * 1.1 : time
        detail = "from \(start), doubling in \(log(2) / rate / 3600) h"
        value = { start * exp(rate * $0) }
    }

    private mutating func saturating(_ isPositive: Bool, _ random: inout SeededRandom) {
        let start = random.number(5, 50)
        let ceiling = isPositive ? random.number(110, 150) : random.number(65, 95)
        let time = random.number(3, 10) * Self.hour
        duration = isPositive ? 40 * time : 8 * time
        detail = "from \(start) to \(ceiling), constant \(time / 3600) h"
        value = { ceiling - (ceiling - start) * exp(-$0 / time) }
    }

    private mutating func step(_ isPositive: Bool, _ random: inout SeededRandom) {
        let start = random.number(10, 50)
        let height = random.number(8, 30)
        let begin = random.number(2, 12) * Self.hour
        let time = random.number(3, 15) * Self.hour
        let slope = isPositive ? (100 - start - height) / time : 0
        duration = begin + (isPositive ? time * 1.1 : 12 * Self.hour)
        detail = "from \(start) by \(height) at \(begin / 3600) h, then \(slope * 60)/min"
        value = { $0 < begin ? start : start + height + slope * ($0 - begin) }
    }

    private mutating func stairs(_ isPositive: Bool, _ random: inout SeededRandom) {
        let start = random.number(10, 50)
        let height = random.number(0.7, 3)
        let interval = random.number(10, 40) * 60
        let end = end(isPositive, from: start, &random)
        duration = (end - start) / height * interval * (isPositive ? 1.1 : 1)
        detail = "from \(start) by \(height) every \(interval / 60) min"
        value = { start + height * ($0 / interval).rounded(.down) }
    }

    private mutating func wave(_ isPositive: Bool, _ random: inout SeededRandom) {
        let amplitude = random.number(8, 30)
        let phase = random.nextUnit() * 2 * .pi
        let second = random.number(0, 0.25)
        let secondPhase = random.nextUnit() * 2 * .pi
        let form: (Double) -> Double = { time in
            let angle = 2 * .pi * time / Self.day + phase
            return sin(angle) + second * sin(2 * angle + secondPhase)
        }
        let highest = stride(from: 0, to: Self.day, by: 300).map(form).max() ?? 1
        let peak = isPositive ? random.number(70, 88) : random.number(70, 96)
        let middle = peak - amplitude * highest
        let growth = isPositive ? random.number(4, 9) : 0
        // The first day on which the peak is a percent above the limit, so that it isn't a matter of noise.
        duration = isPositive ? 12 * Self.day : 4 * Self.day
        detail = "peak \(peak), amplitude \(amplitude), second \(second), \(growth)/day"
        value = { middle + amplitude * form($0) + growth * $0 / Self.day }
    }

    private mutating func sawtooth(_ isPositive: Bool, _ random: inout SeededRandom) {
        let length = random.number(1, 5) * Self.hour
        let depth = random.number(10, 35)
        let drop = random.number(0.005, 0.05)
        let stops = isPositive && random.nextUnit() < 0.3
        let peak = stops ? random.number(55, 80) : isPositive ? random.number(60, 80) : random.number(55, 93)
        let climb = isPositive && !stops ? random.number(1, 4) : 0
        let last = stops ? Double(random.next(below: 5) + 4) : .infinity
        duration = isPositive ? 60 * length : 20 * length
        let seed = random.next()
        detail = "peak \(peak), depth \(depth), every \(length / 3600) h, climb \(climb), stops \(last)"
        value = { time in
            let index = (time / length).rounded(.down)
            let part = time / length - index
            // No peak is quite like the other.
            var own = SeededRandom(seed: seed, stream: Int(index))
            let high = peak + climb * index + own.normal() * 0.02 * depth
            var before = SeededRandom(seed: seed, stream: Int(index) - 1)
            let previous = peak + climb * (index - 1) + before.normal() * 0.02 * depth
            if index >= last {
                let since = time / length - last
                return peak + climb * last - depth + depth / (1 - drop) * since
            }
            if part < drop { return previous - (previous - (high - depth)) * part / drop }
            return high - depth + depth * (part - drop) / (1 - drop)
        }
    }

    private mutating func leak(_ isPositive: Bool, _ random: inout SeededRandom) {
        let start = random.number(20, 60)
        let time = random.number(10, 40) * Self.hour
        let slope = (end(isPositive, from: start, &random) - start) / time
        let mean = random.number(1, 5)
        duration = isPositive ? time * 1.1 : time
        detail = "from \(start) at \(slope * 60)/min under churn of \(mean)"
        value = { start + slope * $0 }
        // Exponentially distributed, around its mean.
        churn = { -log(1 - $0.nextUnit()) * mean - mean }
    }

    private mutating func flat(_ random: inout SeededRandom) {
        let start = random.number(20, 96)
        let slope = random.nextUnit() < 0.5 ? 0 : -random.number(0, 15) / Self.day
        detail = "at \(start)"
        value = { start + slope * $0 }
    }

    private mutating func burst(_ random: inout SeededRandom) {
        let start = random.number(20, 70)
        let height = random.number(5, 94 - start)
        let length = random.number(5, 40) * 60
        let distance = random.number(2, 8) * Self.hour
        let seed = random.next()
        detail = "from \(start) by up to \(height) for \(length / 60) min every \(distance / 3600) h"
        value = { time in
            let index = (time / distance).rounded(.down)
            var own = SeededRandom(seed: seed, stream: Int(index))
            let begin = own.nextUnit() * (distance - length)
            let part = (time - index * distance - begin) / length
            guard part > 0, part < 1 else { return start }
            return start + height * (0.5 + 0.5 * own.nextUnit()) * sin(.pi * part)
        }
    }

    private mutating func jump(_ random: inout SeededRandom) {
        let start = random.number(20, 80)
        let begin = random.number(4, 20) * Self.hour
        detail = "from \(start) at \(begin / 3600) h"
        value = { $0 < begin ? start : 103 }
    }
}
