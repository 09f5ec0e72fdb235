"""Devices that report to an MQTT broker: a bridge takes their readings as if they came by HTTP.

One process of the installation is the bridge at a time, by a lease. Its session at the broker is
the installation's and lasts: what devices publish (with QoS 1) while no bridge is there waits at
the broker, and what a bridge was given is acknowledged to the broker only when it is stored.
"""
