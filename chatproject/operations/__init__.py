"""What somebody who runs the chat looks at: probes, metrics, logs, and the doctor."""
